import ArgumentParser
import SystemPackage
import Worktrees

/// `wt new`.
struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a worktree with a warm build directory; print its path.",
        discussion: """
            Checks out the branch if it exists; else the one remote branch of that name, tracked; else a new branch from \
            the start point. Then takes from another worktree's build directory whatever is safe to take: immutable \
            artifacts as hard links, the rest as private copies. A unit that cannot be proven to be right here is left \
            cold, and -v says why. Files that git ignores come along as far as .worktreeinclude names them.

            At the end the hooks of wt.hook.post-new run; those of a committed .wtconfig only after wt trust.

            The path alone goes to standard output: cd "$(wt new feature-x)"
            """)

    @Argument(help: "The branch; with --detach, the commit.")
    var branch: String

    @Argument(help: "Where a new branch starts (default: HEAD).")
    var startPoint: String?

    @Option(help: ArgumentHelp("Where the worktree goes (default: the template in wt.path).", valueName: "dir"))
    var path: String?

    @Flag(help: "Check out the commit, and no branch.")
    var detach = false

    @Flag(inversion: .prefixedNo, help: "Make the new branch follow its start point, or not.")
    var track: Bool?

    @Option(
        help: ArgumentHelp(
            "A worktree to take units from, or 'none'; several times for several (default: the best ones).",
            valueName: "worktree"))
    var from: [String] = []

    @Flag(help: "Seed nothing.")
    var noSeed = false

    @Flag(help: "Copy no files that git ignores, whatever .worktreeinclude says.")
    var noInclude = false

    @Flag(help: "Run none of wt's own hooks (git's post-checkout runs all the same).")
    var noHooks = false

    @Option(
        name: [.customShort("x"), .customLong("exec")],
        help: ArgumentHelp(
            "Run this shell command there afterwards; standard output and the exit status are its own.",
            valueName: "command"))
    var command: String?

    @Flag(help: "Lock the worktree.")
    var lock = false

    @Option(help: ArgumentHelp("Why it is locked.", valueName: "text"))
    var reason: String?

    @Flag(name: [.customShort("n"), .long], help: "Print what would be done, and do nothing.")
    var dryRun = false

    @Flag(help: "Print the result as JSON instead of the path.")
    var json = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if command != nil, json || dryRun {
            throw ValidationError("-x has standard output for itself: it goes with neither --json nor --dry-run.")
        }
        if reason != nil, !lock { throw ValidationError("--reason goes with --lock.") }
        if noSeed, !from.isEmpty { throw ValidationError("--from and --no-seed exclude each other.") }
        if from.count > 1, from.contains("none") { throw ValidationError("--from none stands alone.") }
    }

    func run() throws {
        try global.run { session throws(Failure) in
            if !dryRun { session.clearUp() }
            var options = options
            options.donors = try session.worktreeNames(from)
            let plan = try NewPlan(
                options, in: session.repository, settings: session.settings, currentDirectory: session.currentDirectory)
            if dryRun {
                let (included, said) = plan.includePlan()
                let (seeds, notes) = plan.preview(in: session.repository, with: included)
                let preview = NewPreview(
                    plan: plan, included: included, seeds: seeds, notes: said + notes,
                    hooks: plan.hooks(in: session.repository))
                if json { printJSON(preview.json) } else { preview.print(verbose: session.story.isVerbose) }
                return nil
            }
            Interruption.listen()
            let display = ProgressDisplay(isQuiet: global.quiet)
            defer { display.end() }
            let result = try plan.run(
                in: session.repository, progress: { display.show($0) }, isCancelled: { Interruption.isRequested })
            display.end()
            write(result.said, to: .standardError)
            let isThere = result.isThere
            if !json, isThere { session.story.goIfPossible(to: result.path) }
            if json {
                printJSON(NewJSON(result))
            } else if command == nil, isThere {
                write(result.path.bytes + [0x0a], to: .standardOutput)
            }
            session.story.tell(result)
            if let command, !Interruption.isRequested { try session.become(command, in: result) }
            return result.isLessWarm ? ExitStatus.warning : nil
        }
    }

    private var options: NewOptions {
        var options = NewOptions(branch)
        options.startPoint = startPoint
        options.path = path.map { FilePath($0) }
        options.detach = detach
        options.track = track
        options.donors = from
        options.seeds = !noSeed
        options.runsHooks = !noHooks
        options.includes = !noInclude
        options.lockReason = lock ? reason ?? "" : nil
        return options
    }
}
