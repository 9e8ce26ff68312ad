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

    /// Prepares it anew, by the configuration as it is now and not as it was when the repository was opened: for what
    /// has to be known at the moment at which it is acted upon.
    public init(now repository: borrowing Repository) {
        if repository.refusal == nil,
            let opened = try? Repository(
                opening: repository.location.commonDirectory, environment: repository.environment),
            opened.location.commonDirectory == repository.location.commonDirectory
        {
            self.init(opened)
        } else {
            let reason = repository.refusal?.reason ?? "the repository cannot be opened any more"
            self.init(environment: repository.environment, native: nil, obstacle: reason)
        }
    }

    private init(environment: [String: String], native: NativeStatus?, obstacle: String?) {
        self.environment = environment
        self.native = native
        self.obstacle = obstacle
    }

    /// What `git status` says of the worktree, which is not a bare repository; of a linked one the files may have been
    /// moved to `place`. Writes nothing. Throws `GitError`.
    public func status(of worktree: WorktreeRecord, at place: FilePath? = nil) throws(GitError) -> WorkingTreeStatus {
        do throws(Unproven) { return try nativeStatus(of: worktree, at: place) } catch {}
        if let place {
            return try GitCommand(worktree: place, gitDirectory: worktree.gitDirectory, environment: environment)
                .status()
        }
        let git =
            worktree.isMain
            ? GitCommand(at: worktree.path, environment: environment)
            : GitCommand(worktree: worktree.path, environment: environment)
        return try git.status()
    }

    /// Whether the worktree is clean beyond doubt: a look without git has found nothing, and git was not told to pass over
    /// any file either. `place` as above.
    public func isProvenClean(_ worktree: WorktreeRecord, at place: FilePath? = nil) -> Bool {
        // No index with such files is looked at without git.
        do throws(Unproven) { return try nativeStatus(of: worktree, at: place).isClean } catch { return false }
    }

    /// The status without git. Throws `Unproven` where that might be another one.
    func nativeStatus(of worktree: WorktreeRecord, at place: FilePath? = nil) throws(Unproven) -> WorkingTreeStatus {
        guard let native else { throw Unproven(obstacle ?? "") }
        return try native.status(of: worktree, at: place)
    }
}
