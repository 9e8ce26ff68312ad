import ArgumentParser
import Terminal
import Worktrees

/// `wt dedupe`.
struct DedupeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dedupe",
        abstract: "Make one file of artifacts that several worktrees have.",
        discussion: """
            Relinks artifacts that cargo never rewrites: of the same unit, with the same bytes, the same mtime and the same \
            mode. That is what copies of a worktree or of its target directory have in common; builds that were made \
            independently have other mtimes, and stay as they are. No byte and no mtime changes in any worktree, and \
            what was fresh stays fresh.

            Nobody is waited for: a profile directory that cargo is building in is left alone, and named.
            """)

    @Argument(help: "The worktrees to compare (default: all).")
    var worktrees: [String] = []

    @OptionGroup var change: ChangeOptions

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.run { session throws(Failure) in
            if !change.dryRun { session.clearUp() }
            let plan = try DedupePlan(
                session.worktreeNames(worktrees), in: session.repository, currentDirectory: session.currentDirectory)
            for note in plan.notes { session.story.warn(note) }
            if change.dryRun {
                if change.json {
                    printJSON(DedupeJSON(plan))
                } else {
                    writeLine(
                        "would free \(ByteCount(plan.duplicates.bytes)): "
                            + "\(Plural(plan.duplicates.found.count, "file")) of \(Plural(plan.places.count, "build directory", "build directories"))",
                        to: .standardOutput)
                }
                return nil
            }
            Interruption.listen()
            let report = plan.run(isCancelled: { Interruption.isRequested })
            if change.json { printJSON(DedupeJSON(plan, report)) }
            let relinked = report.relinked.reduce(0, +)
            session.story.say("freed \(ByteCount(report.freedBytes)): \(Plural(relinked, "file")) relinked")
            for busy in plan.busyDirectories(report) { session.story.warn("left \(busy): cargo is building in it") }
            if report.changed > 0 {
                session.story.say("left \(Plural(report.changed, "file")) that changed meanwhile")
            }
            if let failure = report.failures.first {
                let more = report.failures.count > 1 ? " (and \(report.failures.count - 1) more)" : ""
                session.story.warn("\(failure)\(more)")
            }
            if Interruption.isRequested { return ExitStatus.interrupted }
            return report.busy.isEmpty && report.failures.isEmpty && plan.notes.isEmpty ? nil : ExitStatus.warning
        }
    }
}
