import FileTree
import Git
import SystemPackage

/// What `wt list` shows.
public struct Listing: Sendable {
    /// One worktree.
    public struct Row: Sendable {
        /// Branch, path, lock and so on.
        public let worktree: WorktreeRecord
        /// Whether the user stands in it.
        public let isCurrent: Bool
        /// What git says of its files; nil where there are none, or where git cannot say.
        public let status: WorkingTreeStatus?
        /// Why git cannot say.
        public let statusFailure: String?
        /// What its build directories take; nil when it was not asked for or cannot be measured.
        public let cache: DiskUsage?
    }

    /// The main worktree first, the others by path, as `git worktree list` has them.
    public let rows: [Row]

    /// Looks at every worktree, several at a time. `sizes` says whether to measure build directories. Throws `Failure`
    /// when the repository's registrations cannot be read; what fails in one worktree is said in its row.
    public init(
        of repository: borrowing Repository, currentDirectory: FilePath, sizes: Bool = true
    ) throws(Failure) {
        let location = repository.location
        let worktrees = try git { () throws(GitError) in try location.worktrees() }
        let search = WorktreeSearch(worktrees, currentDirectory: currentDirectory)
        let current = search.current
        let reader = StatusReader(repository)
        let caches = sizes ? worktrees.map { BuiltCache(of: $0, in: repository) } : []
        rows = worktrees.indices.concurrentMap { position in
            let worktree = worktrees[position]
            let status = Self.status(of: worktree, reader)
            return Row(
                worktree: worktree, isCurrent: worktree == current, status: try? status?.get(),
                statusFailure: status?.failure?.message, cache: sizes ? try? caches[position].usage() : nil)
        }
    }

    private static func status(
        of worktree: WorktreeRecord, _ reader: StatusReader
    ) -> Result<WorkingTreeStatus, GitError>? {
        guard !worktree.isBare, FileStatus.ifPresent(worktree.path) != nil else { return nil }
        return Result { () throws(GitError) in try reader.status(of: worktree) }
    }
}

extension Result {
    var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
