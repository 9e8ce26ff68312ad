import ArgumentParser
import Seeding
import SystemPackage
import Terminal
import Worktrees

/// `wt seed`.
struct SeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Warm up a worktree that something else made, or that fell behind.",
        discussion: """
            Takes units from other worktrees as wt new does, into a worktree that is there already. What it has built \
            itself and is up to date stays. No source file is touched: the units that are taken get times that fit. \
            Refused while cargo is building there.
            """)

    @Argument(help: "The worktree (default: the one you are in).")
    var worktree = "@"

    @Option(
        help: ArgumentHelp(
            "A worktree to take units from; several times for several (default: the best ones).",
            valueName: "worktree"))
    var from: [String] = []

    @OptionGroup var change: ChangeOptions

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.run { session throws(Failure) in
            if !change.dryRun { session.clearUp() }
            var options = SeedOptions()
            options.name = try session.worktreeName(worktree)
            options.donors = try session.worktreeNames(from)
            let seeding = try WorktreeSeeding(
                options, in: session.repository, settings: session.settings, currentDirectory: session.currentDirectory)
            if change.dryRun {
                try preview(seeding, session)
                return nil
            }
            Interruption.listen()
            let display = ProgressDisplay(isQuiet: global.quiet)
            defer { display.end() }
            let result = try seeding.run(
                in: session.repository, progress: { display.show("seeding", $0, of: $1) },
                isCancelled: { Interruption.isRequested })
            display.end()
            if change.json { printJSON(JSON(result)) }
            if let reason = result.unseededReason {
                session.story.say("not seeded: \(reason)")
            } else {
                session.story.tell(result.seed, from: result.donors, in: result.duration)
            }
            for note in result.notes { session.story.warn(note) }
            return result.isLessWarm ? ExitStatus.warning : nil
        }
    }

    private func preview(_ seeding: WorktreeSeeding, _ session: borrowing Session) throws(Failure) {
        let (plans, notes) = try seeding.preview(in: session.repository)
        let donors = seeding.donors?.givers(plans) ?? []
        let preview = SeedJSON(plans, donors: donors, skipped: seeding.unseededReason)
        if change.json {
            printJSON(JSON(dryRun: true, path: seeding.worktree.path.string, seed: preview, notes: notes))
            return
        }
        let lines = preview.previewLines(of: plans, verbose: session.story.isVerbose) + notes.map { "note: \($0)" }
        for line in lines { writeLine(escapedForTerminal(line), to: .standardOutput) }
    }

    struct JSON: Encodable {
        let version = 1
        let dryRun: Bool
        let path: String
        let seed: SeedJSON
        let notes: [String]

        init(dryRun: Bool, path: String, seed: SeedJSON, notes: [String]) {
            self.dryRun = dryRun
            self.path = path
            self.seed = seed
            self.notes = notes
        }

        init(_ result: WorktreeSeedingResult) {
            self.init(
                dryRun: false, path: result.path.string,
                seed: SeedJSON(result.seed, donors: result.donors, skipped: result.unseededReason),
                notes: result.notes + KnownLimits.lines(of: result.seed.cold))
        }
    }
}
