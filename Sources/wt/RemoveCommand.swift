import ArgumentParser
import FileTree
import SystemPackage
import Terminal
import Worktrees

/// `wt rm`.
struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove worktrees without losing work.",
        discussion: """
            Refuses what would lose uncommitted or untracked work, or commits that are on no branch; and the main \
            worktree, a locked one, one with a rebase or the like in progress, and one that cargo is building in. The one \
            you are in is removed only where wt can bring the shell back to the main one: see wt help shell.

            Deletes the branch if it is merged into the default branch or its upstream: as an ancestor, with the same \
            files, squashed, or patch by patch; and only when no worktree has it checked out, and wt.branchDelete is not \
            'never'.

            The hooks of wt.hook.pre-rm run in it before, and can hold it back; those of wt.hook.post-rm in the main \
            worktree, afterwards.

            The directory is moved into the repository's trash at once, and deleted in the background; on another file \
            system it is deleted in place. What that frees is measured file by file: --wait, --json and --dry-run say it.
            """)

    @Argument(help: "Branch, directory name or path; @ is the current worktree, ^ the main one, - the previous one.")
    var worktrees: [String]

    @Flag(name: .shortAndLong, help: "Remove a worktree with changes; given twice, a locked one too.")
    var force: Int

    @Flag(help: "Keep the branch.")
    var keepBranch = false

    @Flag(help: "Delete the branch even if it is not merged.")
    var deleteBranch = false

    @OptionGroup var hooks: RemovalHookOptions

    @OptionGroup var deletion: DeletionOptions

    @OptionGroup var change: ChangeOptions

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if worktrees.isEmpty { throw ValidationError("Name a worktree.") }
        if keepBranch, deleteBranch { throw ValidationError("--keep-branch and --delete-branch exclude each other.") }
    }

    func run() throws {
        try global.run { session throws(Failure) in
            if !change.dryRun { session.clearUp() }
            // All are checked before the first goes.
            let names = try session.worktreeNames(worktrees)
            let settings = try session.settings
            // Not from inside what is about to go: git is run in the worktree that the session was opened in.
            guard let main = session.placeToReturnTo, let elsewhere = session.seen(from: main) else {
                return try remove(names, in: session, settings, returningTo: nil)
            }
            return try remove(names, in: elsewhere, settings, returningTo: main)
        }
    }

    private func remove(
        _ names: [String], in session: borrowing Session, _ settings: Settings,
        returningTo main: FilePath?
    ) throws(Failure) -> ExitCode? {
        let whenMerged = settings.branchDelete == .never ? .neverDeleted : RemovalOptions.Branch.whenMerged
        let options = names.map { name in
            var options = RemovalOptions(name)
            options.force = force
            options.hooks = hooks.noHooks ? nil : settings.hooks
            options.branch = keepBranch ? .keep : deleteBranch ? .delete : whenMerged
            options.mayBeCurrent = main != nil
            return options
        }
        let plans = try RemovalPlan.plans(
            options, measuring: change.dryRun || change.json || deletion.wait, in: session.repository,
            currentDirectory: session.currentDirectory)
        return try session.remove(
            plans, dryRun: change.dryRun, json: change.json, waiting: deletion.wait, returningTo: main)
    }
}

extension Session {
    /// Removes all of them, or prints what would be done. Much can have happened since the plans were made where they are
    /// old (`isOld`). A shell that stands in one of them comes back to `main`, where there is that.
    func remove(
        _ plans: [RemovalPlan], kept: [PrunePlan.Kept]? = nil, isOld: Bool = false, dryRun: Bool, json: Bool,
        waiting: Bool,
        returningTo main: FilePath? = nil
    ) throws(Failure) -> ExitCode? {
        if dryRun {
            if json {
                printJSON(RemovalJSON(plans, kept: kept))
            } else {
                for line in plans.flatMap({ [$0.preview] + $0.hooks.flatMap(\.previewLines) }) {
                    writeLine(escapedForTerminal(line), to: .standardOutput)
                }
            }
            return nil
        }
        // The directory that the process itself is in, whatever -C says.
        var left: LeftDirectory?
        if let here = realPath("."), let plan = plans.first(where: { here.starts(with: $0.worktree.path) }) {
            guard let main else {
                throw Failure(
                    .refused, "cannot remove \(plan.worktree.path): you are in it",
                    hints: ["cd to another worktree first"])
            }
            left = try LeftDirectory(here, for: main, story)
        }
        defer { left?.returnIfPresent() }
        Interruption.listen()
        let display = ProgressDisplay(isQuiet: story.isQuiet)
        defer { display.end() }
        var results: [RemovalResult] = []
        var failure: Failure?
        var isOld = isOld
        for plan in plans {
            do throws(Failure) {
                if Interruption.isRequested { throw Failure(.interrupted, "interrupted; the rest was not removed") }
                let result = try plan.run(
                    in: repository, isOld: isOld, removed: display.showDeleted,
                    isCancelled: { Interruption.isRequested })
                isOld = isOld || plan.hooks.contains { !$0.commands.isEmpty }
                display.end()
                story.tell(result)
                results.append(result)
            } catch {
                // Somebody else has done it meanwhile, another wt prune for example.
                if plan.isForgotten { continue }
                failure = error
                break
            }
        }
        // Also when one of them fails: what was done before it is told, and deleted.
        if json { printJSON(RemovalJSON(results, kept: kept)) }
        let isEmptied = emptyTrash(waiting: waiting)
        if let failure { throw failure }
        return isEmptied && results.allSatisfy(\.notes.isEmpty) ? nil : ExitStatus.warning
    }
}
