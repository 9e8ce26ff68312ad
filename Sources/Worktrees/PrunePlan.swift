import FileTree
import Git
import SystemPackage

/// The worktrees that `wt prune` removes, and those it leaves although they come close. Nothing is touched yet.
public struct PrunePlan: Sendable {
    /// A worktree that stays, and why.
    public struct Kept: Sendable {
        /// The worktree's root.
        public let path: FilePath
        /// One clause for people.
        public let reason: String
    }

    /// What is removed, in this order.
    public private(set) var removals: [RemovalPlan] = []
    /// Worktrees whose directory is gone, or whose work is merged, and that stay all the same.
    public private(set) var kept: [Kept] = []

    /// Looks at all linked worktrees: those whose directory was deleted, and with `merged` those whose branch is merged
    /// and that are clean. All that `wt rm` refuses stays. The branch of a worktree that is gone is deleted with `merged`
    /// only, and only when it is merged. Throws `Failure` when the worktrees cannot be listed.
    public init(
        merged: Bool, settings: Settings = Settings(), runsHooks: Bool = false, in repository: borrowing Repository,
        currentDirectory: FilePath
    ) throws(Failure) {
        let location = repository.location
        let worktrees = try git { () throws(GitError) in try location.worktrees() }
        let search = WorktreeSearch(worktrees, currentDirectory: currentDirectory)
        let targets = MergeTargets(in: repository, worktrees)
        let realPaths = worktrees.map { realPath($0.path) }
        for worktree in worktrees where !worktree.isMain {
            var options = RemovalOptions(worktree.path.string)
            let whenMerged = settings.branchDelete == .never ? .neverDeleted : RemovalOptions.Branch.whenMerged
            options.branch = whenMerged
            options.hooks = runsHooks ? settings.hooks : nil
            switch Absence(worktree, in: repository) {
            case .present where worktree.backPointer == .worktreeMissing:
                keep(worktree, "something else is in its place")
                continue
            case .present:
                guard merged else { continue }
                switch try targets.progress(of: worktree, in: repository) {
                case .merged: break
                case .new:
                    keep(worktree, "nothing shows that something was committed on its branch")
                    continue
                case .open: continue
                }
            case .unproven(let reason):
                keep(worktree, "its directory cannot be seen, but may exist: \(reason)")
                continue
            case .deleted where Trash(of: location).isHolding(worktree.path):
                keep(worktree, "a wt rm is removing it, or was killed while it did")
                continue
            case .deleted: options.branch = merged ? whenMerged : .leave
            }
            do throws(Failure) {
                var plan = try RemovalPlan(worktree, options, search, realPaths, targets, in: repository)
                plan.index = nil
                removals.append(plan)
            } catch {
                keep(worktree, error.message.split(separator: "': ", maxSplits: 1).last.map(String.init) ?? "")
            }
        }
    }

    /// Finds out what each removal frees (`RemovalPlan.usage`). Throws `Failure` when one cannot be measured.
    public mutating func measure() throws(Failure) { try RemovalPlan.measure(&removals) }

    private mutating func keep(_ worktree: WorktreeRecord, _ reason: String) {
        kept.append(Kept(path: worktree.path, reason: reason))
    }
}
