import FileTree
import Git
import SystemPackage

/// A listing in the making: what is known at once, and the work that fills in the rest.
public struct ListingWork: Sendable {
    /// What the registrations and the configuration tell.
    public let beginning: Listing
    let options: Listing.Options
    let targets: MergeTargets
    let git: GitCommand
    private let status: StatusReader
    private let indexes: IndexReader
    private let environment: [String: String]

    /// Reads the registrations. Throws `Failure` when that is not possible.
    public init(
        of repository: borrowing Repository, currentDirectory: FilePath, options: Listing.Options
    ) throws(Failure) {
        let location = repository.location
        let worktrees = try Worktrees.git { () throws(GitError) in try location.worktrees() }
        let current = WorktreeSearch(worktrees, currentDirectory: currentDirectory).current
        let targets = MergeTargets(in: repository, worktrees)
        var rows: [Listing.Row] = []
        for worktree in worktrees {
            rows.append(
                Listing.Row(
                    worktree, isCurrent: worktree == current, options,
                    Listing.History(
                        of: worktree.isBare ? nil : worktree.head.commit, worktree.head.branch, targets, in: repository)
                ))
        }
        var branches: [Listing.Branch] = []
        if options.branches {
            let checkedOut = Set(worktrees.filter { !$0.isBare }.compactMap(\.head.branch))
            let local = try Worktrees.git { () throws(GitError) in try repository.localBranches() }
            for (name, commit) in local where !checkedOut.contains(name) {
                branches.append(
                    Listing.Branch(
                        name: name, commit: commit, history: Listing.History(of: commit, name, targets, in: repository))
                )
            }
        }
        beginning = Listing(rows: rows, branches: branches, defaultBranch: targets.defaultBranch)
        self.options = options
        self.targets = targets
        git = repository.git
        status = StatusReader(repository)
        indexes = IndexReader(repository)
        environment = repository.environment
    }

    /// Does the work, several worktrees at a time, sizes last, and returns the whole. `update` gets the listing as it is
    /// whenever something has been found out, from whatever thread, one call at a time.
    public func run(update: (@Sendable (Listing) -> Void)? = nil) -> Listing {
        let board = ListingBoard(beginning, update: update)
        let queue = JobQueue()
        queue.add { ListingHistory(work: self, board: board, queue: queue).run() }
        for (position, row) in beginning.rows.enumerated() where row.status.isPending {
            queue.add { findStatus(position, row.worktree, board) }
        }
        for (position, row) in beginning.rows.enumerated() where row.cache.isPending {
            queue.add { findCache(position, row.worktree, board, queue) }
        }
        queue.run()
        return board.listing
    }

    private func findStatus(_ position: Int, _ worktree: WorktreeRecord, _ board: ListingBoard) {
        do throws(GitError) {
            let found = try status.status(of: worktree)
            board.change { $0.rows[position].status = .known(found) }
        } catch {
            board.change {
                $0.rows[position].status = .known(nil)
                $0.rows[position].statusFailure = error.message
            }
        }
    }

    private func findCache(_ position: Int, _ worktree: WorktreeRecord, _ board: ListingBoard, _ queue: JobQueue) {
        let cache = BuiltCache(of: worktree, indexes: indexes, environment: environment)
        let lastUse = worktree.lastUse(built: cache.directoriesOfUse)
        board.change { $0.rows[position].lastUse = .known(lastUse) }
        queue.add {
            let size = (try? cache.usage()).map { usage in
                Listing.CacheSize(
                    usage: usage, exclusiveIsUpperBound: cache.directories.contains(where: mayShareBlocks(at:)))
            }
            board.change { $0.rows[position].cache = .known(size) }
        }
    }
}

extension Listing.Row {
    fileprivate init(
        _ worktree: WorktreeRecord, isCurrent: Bool, _ options: Listing.Options, _ history: Listing.History
    ) {
        self.worktree = worktree
        self.isCurrent = isCurrent
        self.history = history
        let hasFiles = !worktree.isBare && FileStatus.ifPresent(worktree.path) != nil
        status = hasFiles ? .pending : .known(nil)
        cache = options.sizes ? .pending : .known(nil)
        lastUse = options.sizes ? .pending : .known(worktree.lastUse())
    }
}

extension Listing.History {
    /// What is known at once; nothing is to be found out where there is no commit.
    fileprivate init(
        of commit: ObjectID?, _ branch: String?, _ targets: MergeTargets, in repository: borrowing Repository
    ) {
        upstream = commit == nil ? nil : branch.flatMap { repository.upstream(of: $0) }
        fromUpstream = upstream?.commit == nil ? .known(nil) : .pending
        // The default branch is not compared with itself.
        let isCompared = commit != nil && !targets.targets.isEmpty && branch != targets.defaultBranch
        fromDefault = isCompared ? .pending : .known(nil)
        merged = isCompared ? .pending : .known(nil)
    }
}
