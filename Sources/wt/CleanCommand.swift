import ArgumentParser
import SystemPackage
import Terminal
import Worktrees

/// `wt clean`.
struct CleanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Remove build directories, and keep the worktrees.",
        discussion: """
            Cleans the worktrees that are named, or the one you are in. --merged, --older-than and --all-but select among \
            all worktrees but the main one, or among those that are named; where several are given, all have to hold. The \
            main worktree is cleaned only when it is named (^), or when you are in it and nothing is selected.

            Only what cargo and its tools have made goes, the directories that cargo itself makes whole; other files of \
            your own in a build directory are kept, and named. A build directory is left alone, with the reason, if it is \
            behind a symlink, outside the worktree, used by several worktrees, or has tracked files in it, and while cargo \
            is building in it.

            Shows what would be freed and asks once. Where there is no terminal to ask on, --yes has to be given.
            """)

    @Argument(
        help: """
            Branches, directory names or paths; @ is the current worktree (the default), ^ the main one, - the previous \
            one.
            """)
    var worktrees: [String] = []

    @Flag(help: "Worktrees whose branch is merged into the default branch, squashed or rebased too.")
    var merged = false

    @Option(
        help: ArgumentHelp(
            "Worktrees that nothing was built, committed or checked out in for so long: 90m, 12h, 14d, 8w.",
            valueName: "age"))
    var olderThan: String?

    @Option(help: ArgumentHelp("All worktrees but this one; several times for several.", valueName: "worktree"))
    var allBut: [String] = []

    @Flag(help: "Only units that no build can reach any more; what is left stays fresh.")
    var stale = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var deletion: DeletionOptions

    @OptionGroup var change: ChangeOptions

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let olderThan, CleanOptions.seconds(olderThan) == nil {
            throw ValidationError("'\(olderThan)' is no age: a number and s, m, h, d or w, for example 14d.")
        }
        if !worktrees.isEmpty, !allBut.isEmpty {
            throw ValidationError("Name the worktrees to clean, or with --all-but those to leave, not both.")
        }
    }

    func run() throws {
        try global.run { session throws(Failure) in
            if !change.dryRun { session.clearUp() }
            var options = CleanOptions()
            options.names = try session.worktreeNames(worktrees)
            options.isMerged = merged
            options.olderThan = olderThan.flatMap(CleanOptions.seconds)
            options.allBut = try session.worktreeNames(allBut)
            options.isStaleOnly = stale
            let plan = try CleanPlan(options, in: session.repository, currentDirectory: session.currentDirectory)
            if change.dryRun {
                if change.json {
                    printJSON(CleanJSON(plan))
                } else {
                    for line in plan.preview { writeLine(escapedForTerminal(line), to: .standardOutput) }
                }
                return nil
            }
            if !plan.isEmpty, !yes {
                for line in plan.preview { session.story.say(line) }
                let bytes = ByteCount(plan.usage.exclusive)
                let answer = try session.story.confirm("Free \(bytes)?", toDo: "remove what takes \(bytes)")
                guard answer else { throw Failure(.refused, "nothing was removed") }
            }
            let result = try plan.run(in: session.repository)
            if change.json { printJSON(CleanJSON(result)) }
            session.story.tell(result)
            let isEmptied = session.emptyTrash(waiting: deletion.wait)
            // Why is said above, once for each.
            if result.isEmpty, result.hasLeft { throw Failure(.failed, "nothing was cleaned") }
            return result.hasLeft || !result.failures.isEmpty || !isEmptied ? ExitStatus.warning : nil
        }
    }
}
