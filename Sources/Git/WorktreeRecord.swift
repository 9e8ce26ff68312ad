import FileTree
import SystemPackage

/// One worktree as its files describe it at one moment; what `git worktree list` shows, and what it takes to judge
/// whether its branch is free and its directory its own.
public struct WorktreeRecord: Hashable, Sendable {
    /// The name under `worktrees/`; nil for the main worktree.
    public let name: FilePath.Component?
    /// Where its `HEAD` and `index` are: the administrative directory, or the common directory for the main worktree.
    public let gitDirectory: FilePath
    /// Its root. For a bare repository's record the repository itself, as git lists it.
    public let path: FilePath
    /// Whether this is a bare repository's record, which has no files checked out.
    public let isBare: Bool
    /// What is checked out.
    public let head: Head
    /// The reason of its lock, empty when none was given; nil when it is not locked.
    public let lockReason: String?
    /// Why `git worktree prune` would take it away; nil when it would not.
    public let pruneReason: String?
    /// The branches it keeps from others: the one checked out, and those a rebase or bisect will come back to.
    public let heldBranches: [HeldBranch]
    /// What waits for the user in it.
    public let operations: [OperationInProgress]

    /// Whether this is the main worktree, or the bare repository in its place.
    public var isMain: Bool { name == nil }
    /// Whether `git worktree lock` was used on it, or git is making it at this moment.
    public var isLocked: Bool { lockReason != nil }
    /// Where its `index` is.
    public var indexFile: FilePath { gitDirectory.appending("index") }
    /// The administrative directory; nil for the main worktree.
    public var administrativeDirectory: AdministrativeDirectory? {
        isMain ? nil : AdministrativeDirectory(path: gitDirectory)
    }
    /// Whether directory and registration name each other; `consistent` for the main worktree.
    public var backPointer: BackPointer {
        administrativeDirectory.map { BackPointer.check($0) } ?? .consistent
    }
}

extension RepositoryLocation {
    /// All worktrees, the main one first and the linked ones sorted by path, as `git worktree list` has them. A
    /// directory under `worktrees/` without a readable `gitdir` is left out, as there (see `damagedRegistrations`).
    /// Throws `GitError` when `worktrees/` cannot be read.
    public func worktrees() throws(GitError) -> [WorktreeRecord] {
        let linked = try administrativeDirectories().compactMap(linkedRecord)
        return [mainRecord] + linked.sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
    }

    /// What is left of registrations that git cannot read and therefore never lists, each with the reason for which
    /// `git worktree prune` would remove it. Throws `GitError` when `worktrees/` cannot be read.
    public func damagedRegistrations() throws(GitError) -> [(directory: AdministrativeDirectory, reason: String)] {
        try administrativeDirectories().compactMap { directory in
            guard directory.worktreePath == nil, let reason = directory.pruneReason else { return nil }
            return (directory, reason)
        }
    }

    /// The worktrees that hold the branch `name`, and why; the first is the one to tell the user of. Throws as
    /// `worktrees`. A worktree whose directory is gone holds its branch all the same, as for git, until it is pruned.
    public func branchHolders(of name: String) throws(GitError) -> [(worktree: WorktreeRecord, held: HeldBranch)] {
        // Before anything else is read: of hundreds of worktrees, one holds it as a rule.
        func held(in gitDirectory: FilePath) -> [HeldBranch] {
            let head = ReferenceFiles(commonDirectory: commonDirectory).head(in: gitDirectory)
            return HeldBranch.all(in: gitDirectory, head: head).filter { $0.branch.utf8.elementsEqual(name.utf8) }
        }
        let main = mainWorktree == nil ? [] : held(in: commonDirectory).map { (mainRecord, $0) }
        let linked = try administrativeDirectories().flatMap { directory in
            let held = held(in: directory.path)
            guard !held.isEmpty, let record = linkedRecord(directory) else { return [(WorktreeRecord, HeldBranch)]() }
            return held.map { (record, $0) }
        }
        return main + linked.sorted { $0.0.path.bytes.lexicographicallyPrecedes($1.0.path.bytes) }
    }

    private var mainRecord: WorktreeRecord {
        let head = ReferenceFiles(commonDirectory: commonDirectory).head(in: commonDirectory)
        let isBare = mainWorktree == nil
        return WorktreeRecord(
            name: nil, gitDirectory: commonDirectory, path: mainWorktree ?? commonDirectory, isBare: isBare, head: head,
            lockReason: nil, pruneReason: nil,
            heldBranches: isBare ? [] : HeldBranch.all(in: commonDirectory, head: head),
            operations: OperationInProgress.all(in: commonDirectory))
    }

    /// The linked worktree that `directory` registers, as it is now; nil when git cannot read that.
    public func worktree(registeredBy directory: AdministrativeDirectory) -> WorktreeRecord? {
        linkedRecord(directory)
    }

    private func linkedRecord(_ directory: AdministrativeDirectory) -> WorktreeRecord? {
        guard let path = directory.worktreePath else { return nil }
        let head = ReferenceFiles(commonDirectory: commonDirectory).head(in: directory.path)
        return WorktreeRecord(
            name: directory.name, gitDirectory: directory.path, path: path, isBare: false, head: head,
            lockReason: directory.lockReason, pruneReason: directory.pruneReason,
            heldBranches: HeldBranch.all(in: directory.path, head: head),
            operations: OperationInProgress.all(in: directory.path))
    }
}
