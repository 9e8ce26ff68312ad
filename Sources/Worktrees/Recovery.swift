import FileTree
import Git
import SystemPackage

/// What was left behind by each `wt new` that was killed, taken away; a worktree that is complete all the same stays.
/// Every command that changes something, and `wt list`, begins with this. Where nothing was left, it takes one failed
/// call.
public struct Recovery: Sendable {
    /// The worktrees of which something was there, and is no more.
    public private(set) var undone: [FilePath] = []
    /// What could not be taken away, and why.
    public private(set) var warnings: [String] = []

    /// Looks at every record of a worktree in the making, and leaves alone those that are being made at this moment.
    public init(in repository: borrowing Repository, currentDirectory: FilePath) {
        let location = repository.location
        do throws(GitError) {
            guard let records = try MakingRecords.existing(in: location) else { return }
            let entries = records.entries()
            let live = entries.filter(\.isLive).compactMap(\.making)
            for entry in entries where !entry.isLive {
                do throws(GitError) {
                    try recover(entry, live, in: repository, currentDirectory)
                } catch {
                    warnings.append("a wt new was killed, and what it left cannot be taken away: \(error.message)")
                }
            }
            records.removeDirectory()
        } catch {
            warnings.append("cannot look for what a killed wt new has left: \(error.message)")
        }
    }

    private mutating func recover(
        _ entry: MakingRecords.Entry, _ live: [Making], in repository: borrowing Repository,
        _ currentDirectory: FilePath
    ) throws(GitError) {
        let location = repository.location
        guard let making = entry.making else {
            if entry.isMalformed {
                warnings.append("\(entry.path) is no record of wt new; remove it when you know what it is")
            } else {
                try MakingRecords.remove(entry)
            }
            return
        }
        let unfinished = try UnfinishedWorktree(entry, making: making, in: location)
        if unfinished.isComplete {
            if unfinished.isLocked, let branch = making.branch {
                removeLock(of: repository.location.looseFile(ofBranch: branch), since: entry.changed)
            }
            try unfinished.finish()
            return try MakingRecords.remove(entry)
        }
        let here = realPath(currentDirectory) ?? currentDirectory
        if unfinished.root == .own, let root = realPath(making.path), here.starts(with: root) {
            warnings.append("\(root) is not complete, since wt new was killed; run wt elsewhere to clear it up")
            return
        }
        if unfinished.root == .own, let other = try unfinished.foreignFile(in: repository) {
            warnings.append(
                "\(making.path) is not complete, since wt new was killed, but holds \(other), which is no file of "
                    + "\(making.commit.short); move it away, and the next wt clears up")
            return
        }
        var isUndone = unfinished.hasLeftovers
        try unfinished.undo()
        if try removeBranch(of: making, since: entry.changed, live, in: repository) { isUndone = true }
        try MakingRecords.remove(entry)
        if isUndone { undone.append(making.path) }
    }

    /// Removes the branch that was made for the worktree. Returns whether there was one.
    private func removeBranch(
        of making: Making, since: FileTime, _ live: [Making], in repository: borrowing Repository
    ) throws(GitError) -> Bool {
        guard making.makesBranch, let branch = making.branch, !live.contains(where: { isSameName($0.branch, branch) })
        else {
            return false
        }
        let file = repository.location.looseFile(ofBranch: branch)
        removeLock(of: file, since: since)
        guard let commit = repository.localBranch(branch) else {
            if making.branchFile != nil, !repository.configuration.keys(withPrefix: "branch.\(branch).").isEmpty {
                repository.removeBranchConfiguration(branch)
            }
            removeLogOfNoBranch(branch, in: repository)
            return false
        }
        guard commit == making.commit, isOwn(file, making, since: since),
            try repository.location.branchHolders(of: branch).isEmpty
        else { return false }
        try repository.deleteBranch(branch, expecting: commit)
        removeLogOfNoBranch(branch, in: repository)
        return true
    }

    /// Whether the branch is the one that was made, and not a later one of the same name at the same commit.
    private func isOwn(_ file: FilePath, _ making: Making, since: FileTime) -> Bool {
        guard let status = FileStatus.ifPresent(file) else { return making.branchFile != nil }
        if let noted = making.branchFile { return (try? LastingIdentity(file)) == noted }
        // Killed while git made it, or before. git takes some milliseconds, and a user does not come before that.
        return status.mtime >= since && status.mtime.seconds(since: since) < 60
    }

    /// A git that is killed leaves the lock on what it was writing.
    private func removeLock(of file: FilePath, since: FileTime) {
        let lock = FilePath(bytes: file.bytes + ".lock".utf8)
        guard let status = FileStatus.ifPresent(lock), status.kind == .file, status.mtime >= since else { return }
        try? removeTree(lock)
    }
}
