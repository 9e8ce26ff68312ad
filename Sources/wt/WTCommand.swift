import ArgumentParser
import Worktrees

/// `wt` itself: it only has subcommands.
struct WTCommand: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "wt",
        abstract: "git worktrees that come with a warm cargo build directory",
        discussion: """
            wt new feature-x    makes a worktree whose next cargo build compiles only what differs
            wt list             shows every worktree, its state and what its cache costs
            wt rm feature-x     removes one without losing work
            wt clean            removes build directories, and keeps the worktrees
            wt dedupe           makes one file of what several worktrees have
            wt seed             warms one that something else made, or that fell behind
            wt explain          says what the next cargo build will compile, and why
            wt prune            forgets worktrees whose directory is gone
            wt trust            allows the commands of a committed .wtconfig

            Settings are git config keys; a team's stand in a committed .wtconfig:
            \(Setting.summary)

            Exit codes: 0 done; 1 refused or failed, nothing lost; 2 done, with a warning; 64 usage; 130 interrupted \
            and undone.

            wt help <topic> has more, on \(HelpTopic.all.map(\.name).joined(separator: ", ")).
            """,
        version: "wt \(version)",
        subcommands: [
            NewCommand.self, SwitchCommand.self, ListCommand.self, RemoveCommand.self, PruneCommand.self,
            CleanCommand.self, DedupeCommand.self, SeedCommand.self, ExplainCommand.self, TrustCommand.self,
            AgentHookCommand.self, ShellCommand.self, HelpCommand.self, EmptyTrashCommand.self,
        ])
}

/// Lets `-C`, `-q`, `-v` and `--color` stand before the subcommand too, as in git: the parser knows them behind it.
func globalOptionsLast(_ arguments: [String]) -> [String] {
    var leading: [String] = []
    var rest = arguments[...]
    while let word = rest.first {
        switch word {
        case "-C", "--color":
            guard rest.count >= 2 else { return arguments }
            leading += rest.prefix(2)
            rest = rest.dropFirst(2)
        case "-q", "--quiet", "-v", "--verbose":
            leading.append(word)
            rest = rest.dropFirst()
        case _ where word.hasPrefix("--color="):
            leading.append(word)
            rest = rest.dropFirst()
        default:
            guard !leading.isEmpty, !word.hasPrefix("-") else { return arguments }
            return [word] + leading + rest.dropFirst()
        }
    }
    return arguments
}
