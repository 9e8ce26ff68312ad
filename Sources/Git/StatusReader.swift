import FileTree
import SystemPackage

/// Tells the status of the worktrees of one repository, several at a time.
public struct StatusReader: Sendable {
    private let environment: [String: String]

    /// Prepares it.
    public init(_ repository: borrowing Repository) { environment = repository.environment }

    /// What `git status` says of the worktree, which is not a bare repository. Writes nothing. Throws `GitError`.
    public func status(of worktree: WorktreeRecord) throws(GitError) -> WorkingTreeStatus {
        let git =
            worktree.isMain
            ? GitCommand(at: worktree.path, environment: environment)
            : GitCommand(worktree: worktree.path, environment: environment)
        return try git.status()
    }
}
