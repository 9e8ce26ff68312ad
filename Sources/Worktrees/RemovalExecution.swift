import FileTree
import Git
import SystemPackage

/// A worktree that was removed.
public struct RemovalResult: Sendable {
    /// Where it was.
    public let path: FilePath
    /// What became of the branch.
    public let branch: RemovalPlan.BranchAction
    /// Bytes that are free now: blocks that no other worktree shares.
    public let freedBytes: Int64
    /// Bytes that stay because other worktrees link to them.
    public let sharedBytes: Int64
    /// What the user should know besides.
    public let notes: [String]
}

extension RemovalPlan {
    /// Removes the directory, then the registration, then the branch. Throws `Failure` when the directory cannot be
    /// removed whole; the registration and the branch stay then.
    public func run(in repository: borrowing Repository) throws(Failure) -> RemovalResult {
        // Once more, since the plan may have been looked at for a while: nothing is removed that is not the worktree.
        let now = worktree.backPointer
        let isGone = now == .worktreeMissing && FileStatus.ifPresent(worktree.path) == nil
        guard now == .consistent || isGone, let directory = worktree.administrativeDirectory else {
            throw Failure(.refused, "cannot remove \(worktree.path): it has changed meanwhile; nothing was removed")
        }
        do throws(FileError) {
            if now == .consistent { try removeWorktree(worktree.path) }
        } catch {
            throw Failure(
                .failed, "cannot remove \(worktree.path) whole: \(error)",
                hints: ["what is left is still registered; wt rm -f finishes the removal once the cause is gone"])
        }
        let location = repository.location
        try git("the directory is removed, its registration is not") { () throws(GitError) in
            try location.unregister(directory)
        }
        var done = branch
        var notes: [String] = []
        if case .delete(let name, let commit, _) = branch {
            do throws(GitError) {
                try repository.deleteBranch(name, expecting: commit)
            } catch {
                done = .keep(name, because: error.message)
                notes.append("the branch '\(name)' was kept: \(error.message)")
            }
        }
        return RemovalResult(
            path: worktree.path, branch: done, freedBytes: usage.exclusive, sharedBytes: usage.shared, notes: notes)
    }
}

/// Removes all that is in the worktree and then its `.git`: when something cannot be removed, what is left still is the
/// registered worktree, and a second attempt can finish.
private func removeWorktree(_ root: FilePath) throws(FileError) {
    let device = try FileStatus(root).device
    for entry in try Directory(root).entries() where entry.name != ".git" {
        let path = root.appending(entry.name)
        // Mounted since the plan was made: `removeTree` looks for mounts below what it is given only.
        let isElsewhere = try FileStatus(path).device != device
        let isMount = entry.kind == .directory && (isElsewhere || !mountPoints(in: path).isEmpty)
        if isMount { throw FileError("remove", path, .improperLink) }
        try removeTree(path)
    }
    try removeTree(root)
}
