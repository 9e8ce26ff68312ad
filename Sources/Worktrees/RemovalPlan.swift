import FileTree
import Git
import SystemPackage

/// What the user asked of `wt rm`, unchecked.
public struct RemovalOptions: Sendable {
    /// What becomes of the branch.
    public enum Branch: Sendable {
        /// Deleted when its work is merged.
        case whenMerged
        /// Kept.
        case keep
        /// Deleted in any case.
        case delete
    }

    /// The worktree, as the user names it.
    public var name: String
    /// How often `-f` was given: once removes a worktree with changes, twice a locked one too, as git does.
    public var force = 0
    /// What becomes of the branch.
    public var branch = Branch.whenMerged

    /// Asks for the removal of `name`.
    public init(_ name: String) { self.name = name }
}

/// A worktree to be removed: everything checked, nothing touched. Every refusal happens while this is made.
public struct RemovalPlan: Sendable {
    /// What becomes of the branch, and why.
    public enum BranchAction: Hashable, Sendable {
        /// There is none.
        case none
        /// Deleted if it still is at this commit.
        case delete(String, at: ObjectID, because: String)
        /// Kept.
        case keep(String, because: String)
    }

    /// The worktree.
    public let worktree: WorktreeRecord
    /// What becomes of its branch.
    public let branch: BranchAction
    /// What the worktree takes on disk, build directories included; `exclusive` is what the removal will free.
    public let usage: DiskUsage
    /// Whether the directory is gone already, so that only the registration is removed.
    public let isGone: Bool

    /// Checks everything. Throws `Failure`: the main worktree, the one the user stands in, a lock, work that exists
    /// nowhere else, an operation in progress, a running build, initialised submodules, a directory and a registration
    /// that do not name each other, or something inside that is not the worktree's.
    public init(
        _ options: RemovalOptions, in repository: borrowing Repository, currentDirectory: FilePath
    ) throws(Failure) {
        let location = repository.location
        let worktrees = try git { () throws(GitError) in try location.worktrees() }
        let search = WorktreeSearch(worktrees, currentDirectory: currentDirectory)
        let worktree = try search.worktree(named: options.name)
        self.worktree = worktree
        let check = RemovalCheck(worktree: worktree, options: options)
        try check.refuseByRecord(isCurrent: search.isInside(worktree))
        isGone = worktree.backPointer == .worktreeMissing
        if !isGone {
            try check.refuseForWhatLiesInside(worktrees, location)
            try check.refuseForContents(in: repository)
        }
        try check.refuseForSubmodules(in: repository)
        if !isGone {
            try check.refuseForBuild(BuiltCache(of: worktree, in: repository))
        }
        try check.refuseForCommits(in: repository)
        branch = try BranchDisposal(worktree: worktree, worktrees: worktrees, options: options).action(in: repository)
        do throws(FileError) {
            usage = isGone ? DiskUsage() : try diskUsage(of: [worktree.path])
        } catch {
            throw Failure(.failed, "cannot measure \(worktree.path): \(error)")
        }
    }
}
