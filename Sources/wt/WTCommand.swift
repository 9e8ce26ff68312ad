import ArgumentParser
import Worktrees

/// `wt` itself: it only has subcommands.
struct WTCommand: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "wt",
        abstract: "git worktrees that come with a warm cargo build directory",
        discussion: """
            wt new feature-x   a new branch in a worktree that cargo finds built
            wt switch main     to another worktree, and wt switch - back again
            wt list            every worktree, its state and what its cache costs
            wt rm feature-x    when it is done; no work is lost

            Exit codes: 0 done; 1 refused or failed, nothing lost; 2 done, with a warning; 64 usage; 130 interrupted \
            and undone. Settings are git config keys: wt help settings.

            wt help <topic> has more:
            \(HelpTopic.summary)
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
