import ArgumentParser
import Terminal
import Worktrees

/// `wt list`.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show every worktree, its state and what its cache costs.",
        discussion: """
            The cache is given as what removing the worktree would free, of what it takes in all: a file that other \
            worktrees link to is freed by none of them alone.
            """,
        aliases: ["ls"])

    @Flag(help: "Do not measure caches.")
    var noSize = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.run { session throws(Failure) in
            session.clearUp()
            let listing = try Listing(
                of: session.repository, currentDirectory: session.currentDirectory, sizes: !noSize)
            if json {
                printJSON(ListJSON(listing))
            } else {
                let facts = TerminalFacts.of(.standardOutput, processEnvironment())
                let painter = Painter(global.color, for: facts)
                for line in listing.table(sizes: !noSize).lines(width: facts.lineWidth, painter: painter) {
                    writeLine(line, to: .standardOutput)
                }
            }
            for row in listing.rows {
                if let reason = row.statusFailure { session.story.warn("\(row.worktree.path): \(reason)") }
            }
            return nil
        }
    }
}
