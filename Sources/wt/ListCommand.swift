import ArgumentParser
import SystemPackage
import Terminal
import Worktrees

extension Listing.Order: ExpressibleByArgument {}

/// `wt list`.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show every worktree, its state and what its cache costs.",
        discussion: """
            The columns:
              @ ^       @ is the worktree you are in, ^ the main one
              branch    what is checked out
              state     files that are staged, modified, untracked or conflicted;
                        rebase, am, merge, cherry-pick, revert or bisect in
                        progress; locked; prunable when the directory is gone;
                        unknown when git cannot say
              upstream  commits ahead (↑) and behind (↓) of the branch that this one
                        follows; = when they are the same; gone when there is no
                        such branch any more
              main      the same for the default branch, under its name; with merged
                        when that branch, or the one it follows, has all commits,
                        rebased when it has all patches, squashed when one commit
                        has them all, same files when nothing differs
              cache     what removing the worktree would free of its build
                        directories, and what they take in all: a file that other
                        worktrees link to is freed by none of them alone. With ≤
                        less may be freed, since the file system can share blocks
                        between files
              age       since it was last used: the latest mtime of git's files of
                        it, its root and its build directories
              path      where it is

            A column in which there is nothing to say is left out, and so are age,
            upstream and cache, in this order, where the terminal is too narrow. On a
            terminal the table appears at once and fills in: … is still to come.
            """,
        aliases: ["ls"])

    @Flag(help: "Do not look into build directories; ages then go by git's files alone.")
    var noSize = false

    @Flag(help: "List local branches without a worktree, too.")
    var branches = false

    @Option(
        help: ArgumentHelp(
            """
            Sort by path, branch, age (latest first), cache (most to be freed first) or state (most urgent first). The \
            main worktree stays first, and branches without a worktree come last, by name.
            """,
            valueName: "path|branch|age|cache|state"))
    var sort = Listing.Order.path

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print the JSON Schema of what --json prints, and nothing else.")
    var jsonSchema = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if noSize, sort == .cache { throw ValidationError("--sort cache has nothing to sort by with --no-size") }
    }

    func run() throws {
        if jsonSchema { return writeLine(ListJSON.schema, to: .standardOutput) }
        try global.run { session throws(Failure) in
            session.clearUp()
            var options = Listing.Options()
            options.sizes = !noSize
            options.branches = branches
            let work = try ListingWork(
                of: session.repository, currentDirectory: session.currentDirectory, options: options)
            let listing: Listing
            if json {
                listing = work.run().sorted(by: sort)
                printJSON(ListJSON(listing, branches: branches))
            } else {
                let display = ListDisplay(color: global.color)
                guard let shown = display.show(work, finally: { $0.sorted(by: sort) }) else {
                    return ExitStatus.interrupted
                }
                listing = shown
            }
            for row in listing.rows {
                if let reason = row.statusFailure { session.story.warn("\(row.worktree.path): \(reason)") }
            }
            return nil
        }
    }
}
