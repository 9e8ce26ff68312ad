import FileTree
import SystemPackage

extension IndexFile {
    /// Files below `root` that git was told to pass over (`git update-index --skip-worktree` or `--assume-unchanged`) and
    /// that are there with other stat data than it has noted: `git status` says nothing of what was edited in them.
    public func hiddenChanges(in root: FilePath) -> [FilePath] {
        guard hasSpecialEntry else { return [] }
        return lazy.filter { $0.isSkipped || $0.isAssumedUnchanged }.filter { entry in
            guard let status = FileStatus.ifPresent(root.pushing(entry.path)) else { return false }
            return status.mtime.seconds != entry.mtime.seconds || status.mtime.nanoseconds != entry.mtime.nanoseconds
                || UInt32(truncatingIfNeeded: status.size) != entry.size
        }.map(\.path)
    }
}
