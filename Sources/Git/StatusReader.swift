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

    init(environment: [String: String], native: NativeStatus?, obstacle: String?) {
        self.environment = environment
        self.native = native
        self.obstacle = obstacle
    }

    /// What `git status` says of the worktree, which is not a bare repository; of a linked one the files may have been
    /// moved to `place`. Writes nothing. Throws `GitError`.
    public func status(of worktree: WorktreeRecord, at place: FilePath? = nil) throws(GitError) -> WorkingTreeStatus {
        do throws(Unproven) {
            return try nativeStatus(of: worktree, at: place)
        } catch {
            if error.holdsUpGit { throw GitError(.other, error.reason) }
        }
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
    /// any file either. `place` as above; `known` is its index, where the caller has read it before. On all cores.
    public func isProvenClean(
        _ worktree: WorktreeRecord, at place: FilePath? = nil, known: IndexFile? = nil
    ) -> Bool {
        // No index with such files is looked at without git.
        do throws(Unproven) {
            return try nativeStatus(of: worktree, at: place, known: known, by: .all).isClean
        } catch {
            return false
        }
    }

    /// The status without git. Throws `Unproven` where that might be another one.
    func nativeStatus(
        of worktree: WorktreeRecord, at place: FilePath? = nil, known: IndexFile? = nil, by hands: Hands = .one
    ) throws(Unproven) -> WorkingTreeStatus {
        guard let native else { throw Unproven(obstacle ?? "") }
        return try native.status(of: worktree, at: place, known: known, by: hands)
    }
}
