import ArgumentParser
import Terminal
import Worktrees

/// `wt trust`.
struct TrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Show the commands that a repository's .wtconfig wants to run, and allow them.",
        discussion: """
            A committed .wtconfig can have hooks. Whoever could commit may have written them, so they run only once you \
            have seen their text here and said yes. What runs is this text, word for word: when it changes, or in another \
            repository, wt asks again. It says nothing about the scripts and programs that the text names.

            The record is in $XDG_STATE_HOME/wt/trust (~/.local/state/wt/trust). Hooks in your own git configuration are \
            yours, and need no such thing.
            """)

    @Argument(help: "The worktree whose .wtconfig is meant (default: the one you are in).")
    var worktree = "@"

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Flag(help: "Forget all that you have allowed in this repository.")
    var revoke = false

    @OptionGroup var change: ChangeOptions

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if revoke, yes || change.dryRun || change.json { throw ValidationError("--revoke stands alone.") }
    }

    func run() throws {
        try global.run { session throws(Failure) in
            if revoke {
                let trust = Trust(of: session.repository.location, environment: session.repository.environment)
                session.story.say(try trust.revoke() ? "nothing is trusted any more" : "nothing was trusted")
                return nil
            }
            let plan = try TrustPlan(
                of: worktree, in: session.repository, currentDirectory: session.currentDirectory)
            if let problem = plan.problem { session.story.warn(problem) }
            guard !change.dryRun, !plan.untrusted.isEmpty else {
                show(plan, session)
                return nil
            }
            // With -q, too: nobody can approve of what was not shown.
            for line in plan.lines { writeLine(line, to: .standardError) }
            if !yes {
                let count = plan.commands.count
                let these = count == 1 ? "this command" : "these \(count) commands"
                let question = "Let wt run \(these) in worktrees of this repository?"
                guard try session.story.confirm(question, toDo: "trust these commands", afterwards: true) else {
                    throw Failure(.refused, "nothing was recorded")
                }
            }
            try plan.approve()
            if change.json { printJSON(TrustJSON(plan, dryRun: false, areTrusted: true)) }
            session.story.say("trusted from now on: \(Plural(plan.commands.count, "command"))")
            return nil
        }
    }

    private func show(_ plan: TrustPlan, _ session: borrowing Session) {
        if change.json {
            printJSON(TrustJSON(plan, dryRun: change.dryRun, areTrusted: false))
        } else if plan.commands.isEmpty {
            session.story.say("there are no commands in \(plan.worktree.appending(TeamConfiguration.name))")
        } else {
            for line in plan.lines { writeLine(line, to: .standardOutput) }
        }
    }
}

extension TrustPlan {
    /// The commands, with what is known of them: one on a line of its own, or, where it has several lines itself, those
    /// behind a mark that no other line has. No two commands come out the same.
    fileprivate var lines: [String] {
        var isEscaped = false
        func exact(_ line: String) -> String {
            let text = ExactText(line)
            if text.isEscaped { isEscaped = true }
            return text.description
        }
        let shown = commands.flatMap { command in
            let title = command.event.rawValue + (untrusted.contains(command) ? "" : " (trusted)")
            let lines = command.lines.map(exact)
            guard lines.count > 1 else { return ["\(title): \(lines[0])"] }
            return ["\(title), \(lines.count) lines:"] + lines.map { "    | \($0)" }
        }
        let note = #"note: \x.. and \u{..} stand for characters that would not show, \\ for a backslash"#
        return shown + (isEscaped ? [note] : [])
    }
}

/// `wt trust --json`.
private struct TrustJSON: Encodable {
    struct Command: Encodable {
        let event: String
        let command: String
        let trusted: Bool
    }

    let version = 1
    let dryRun: Bool
    let path: String
    let commands: [Command]

    /// With `areTrusted`, the commands have just been approved of.
    init(_ plan: TrustPlan, dryRun: Bool, areTrusted: Bool) {
        self.dryRun = dryRun
        path = plan.worktree.string
        commands = plan.commands.map { command in
            Command(
                event: command.event.rawValue, command: command.text,
                trusted: areTrusted || !plan.untrusted.contains(command))
        }
    }
}
