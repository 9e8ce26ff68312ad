import FileTree
import SystemPackage

/// Tells the status of the worktrees of one repository, several at a time. Works it out itself where the answer is
/// bound to be git's, and asks git otherwise; callers need not care.
public struct StatusReader: Sendable {
    private let environment: [String: String]
    /// What all worktrees share; nil when git is asked for each of them.
    private let native: NativeStatus?
    /// Why it is nil.
    let obstacle: String?

    /// Prepares it.
    public init(_ repository: borrowing Repository) {
        environment = repository.environment
        var native: NativeStatus?
        var reason = repository.statusObstacle()?.reason
        if reason == nil {
            do throws(Unproven) { native = try NativeStatus(repository) } catch { reason = error.reason }
        }
        self.native = native
        obstacle = reason
    }

    /// What `git status` says of the worktree, which is not a bare repository. Writes nothing. Throws `GitError`.
    public func status(of worktree: WorktreeRecord) throws(GitError) -> WorkingTreeStatus {
        do throws(Unproven) { return try nativeStatus(of: worktree) } catch {}
        let git =
            worktree.isMain
            ? GitCommand(at: worktree.path, environment: environment)
            : GitCommand(worktree: worktree.path, environment: environment)
        return try git.status()
    }

    /// The status without git. Throws `Unproven` where that might be another one.
    func nativeStatus(of worktree: WorktreeRecord) throws(Unproven) -> WorkingTreeStatus {
        guard let native else { throw Unproven(obstacle ?? "") }
        return try native.status(of: worktree)
    }
}
