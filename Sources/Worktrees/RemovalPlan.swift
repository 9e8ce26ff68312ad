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
        /// Kept, since nobody said anything of branches.
        case leave
        /// Kept, since `wt.branchDelete` is `never`.
        case neverDeleted
        /// Deleted in any case.
        case delete
    }

    /// The worktree, as the user names it.
    public var name: String
    /// How often `-f` was given: once removes a worktree with changes, twice a locked one too, as git does.
    public var force = 0
    /// What becomes of the branch.
    public var branch = Branch.whenMerged
    /// Whether the worktree that the user stands in may go, since the caller sees to it that he is elsewhere by then.
    public var mayBeCurrent = false
    /// The user's own hooks (`Settings.hooks`), which run, as do those of the worktree's `.wtconfig` that are trusted; with
    /// nil none runs at all.
    public var hooks: [HookEvent: [HookCommand]]?

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
    /// What the worktree takes on disk, build directories included; `exclusive` is what the removal will free, after
    /// those that are removed before it. Nil until it is measured, for which every file has to be looked at.
    public private(set) var usage: DiskUsage?
    /// Whether `usage.exclusive` is only an upper bound, since files can share blocks below the inode.
    public let isUpperBound: Bool
    /// Whether the directory is gone already, so that only the registration is removed.
    public let isGone: Bool

    /// What runs before and after; empty where no hooks are wanted.
    public let hooks: [HookPlan]

    let check: RemovalCheck
    let currentDirectory: FilePath
    /// Which registration it is.
    let identity: LastingIdentity?
    let cache: BuiltCache?
    /// Its index as it was when this was made, for the last look at the changes; nil where there may be many plans, whose
    /// indexes would take much memory.
    var index: IndexFile?

    /// Whether nothing is left to be done: the directory was gone when this was made, and so is the registration now.
    public var isForgotten: Bool { isGone && isUnregistered }

    /// Whether there is no registration any more.
    var isUnregistered: Bool {
        worktree.administrativeDirectory.map { FileStatus.ifPresent($0.path) == nil } ?? true
    }

    /// Checks everything, and measures. Throws `Failure`: the main worktree, the one the user stands in, a lock, work
    /// that exists nowhere else, an operation in progress, a running build, initialised submodules, a directory and a
    /// registration that do not name each other, or something inside that is not the worktree's.
    public init(
        _ options: RemovalOptions, in repository: borrowing Repository, currentDirectory: FilePath
    ) throws(Failure) {
        self = try Self.plans([options], in: repository, currentDirectory: currentDirectory)[0]
    }

    /// The same for several worktrees, to be removed in this order; one that is named twice counts once. What one shares
    /// with another is freed when the last of them goes. `measuring: false` leaves `usage` out.
    public static func plans(
        _ options: [RemovalOptions], measuring: Bool = true, in repository: borrowing Repository,
        currentDirectory: FilePath
    ) throws(Failure) -> [RemovalPlan] {
        let location = repository.location
        let worktrees = try git { () throws(GitError) in try location.worktrees() }
        let search = WorktreeSearch(worktrees, currentDirectory: currentDirectory)
        let targets = MergeTargets(in: repository, worktrees)
        let realPaths = worktrees.map { realPath($0.path) }
        var plans: [RemovalPlan] = []
        for options in options {
            let worktree = try search.worktree(named: options.name)
            if plans.contains(where: { $0.worktree == worktree }) { continue }
            plans.append(try RemovalPlan(worktree, options, search, realPaths, targets, in: repository))
        }
        if plans.count > 8 { for position in plans.indices { plans[position].index = nil } }
        if measuring { try measure(&plans) }
        return plans
    }

    /// Checks a worktree that has been found, and measures nothing. `realPaths` are those of the search's worktrees.
    init(
        _ worktree: WorktreeRecord, _ options: RemovalOptions, _ search: WorktreeSearch, _ realPaths: [FilePath?],
        _ targets: MergeTargets, in repository: borrowing Repository
    ) throws(Failure) {
        self.worktree = worktree
        let location = repository.location
        check = RemovalCheck(worktree: worktree, options: options)
        try check.refuseByRecord(isCurrent: !options.mayBeCurrent && search.isInside(worktree))
        isGone = worktree.backPointer == .worktreeMissing
        identity = worktree.administrativeDirectory.flatMap { try? LastingIdentity($0.path) }
        if isGone { try check.refuseUnproven(in: repository) }
        currentDirectory = search.currentDirectory
        hooks = Self.hooks(of: worktree, isGone: isGone, options, in: repository)
        isUpperBound = !isGone && mayShareBlocks(at: worktree.path)
        // Read once for all that go by it; the looks at the changes take it where it is still the same.
        let index = try? repository.index(of: worktree)
        self.index = index
        cache = isGone ? nil : BuiltCache(of: worktree, index: index, environment: repository.environment)
        if !isGone {
            try check.refuseForWhatLiesInside(search.worktrees, realPaths, location)
            try check.refuseForContents(StatusReader(repository), index, in: repository)
        }
        try check.refuseForSubmodules(index, in: repository)
        if let cache { try check.refuseForBuild(cache) }
        try check.refuseForCommits(in: repository)
        branch = try BranchDisposal(
            worktree: worktree, worktrees: search.worktrees, options: options, targets: targets
        ).action(in: repository)
    }

    /// The same worktree, checked from the beginning: for when others have had the time to change something. Throws
    /// `Failure` as the initialiser does, and when the worktree is not registered any more.
    func checkedAgain(in repository: borrowing Repository) throws(Failure) -> RemovalPlan {
        let location = repository.location
        let worktrees = try git { () throws(GitError) in try location.worktrees() }
        guard let now = worktrees.first(where: { $0.gitDirectory == worktree.gitDirectory }), now.path == worktree.path
        else {
            throw Failure(.refused, "cannot remove \(worktree.path): it is not registered any more")
        }
        var plan = try RemovalPlan(
            now, check.options, WorktreeSearch(worktrees, currentDirectory: currentDirectory),
            worktrees.map { realPath($0.path) }, MergeTargets(in: repository, worktrees), in: repository)
        guard plan.identity == identity, plan.isGone == isGone else {
            throw Failure(.refused, "cannot remove \(worktree.path): it is another one now")
        }
        // What was named is a worktree with this branch: to delete another one is not what was asked for.
        guard (plan.worktree.head.branch ?? "").utf8.elementsEqual((worktree.head.branch ?? "").utf8) else {
            let found = plan.worktree.head.branch.map { "'\($0)'" } ?? "none"
            throw Failure(.refused, "cannot remove \(worktree.path): its branch has changed meanwhile, and is \(found)")
        }
        plan.usage = usage
        return plan
    }

    static func measure(_ plans: inout [RemovalPlan]) throws(Failure) {
        let usages: [DiskUsage]
        do throws(FileError) {
            usages = try successiveDiskUsage(of: plans.map { $0.isGone ? "" : $0.worktree.path })
        } catch {
            throw Failure(.failed, "cannot measure a worktree: \(error)")
        }
        for position in plans.indices { plans[position].usage = usages[position] }
    }
}
