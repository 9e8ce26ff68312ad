import FileTree
import Git
import SystemPackage

/// Whether the directory of a worktree that is not there was deleted, or is merely out of sight: on a volume that is not
/// mounted, or outside a container.
enum Absence: Hashable {
    /// It is there.
    case present
    /// It was deleted.
    case deleted
    /// That cannot be proven; why not.
    case unproven(String)

    /// Looks for two proofs. git has noted in the index on which device the files were: it must be the device of the
    /// closest directory above that exists. And that directory must have changed since the worktree was registered, as it
    /// does when something in it is deleted: a mount point has not.
    init(_ worktree: WorktreeRecord, in repository: borrowing Repository) {
        guard FileStatus.ifPresent(worktree.path) == nil else {
            self = .present
            return
        }
        guard let above = Self.closestDirectory(above: worktree.path),
            let registered = FileStatus.ifPresent(worktree.gitDirectory.appending("gitdir"))?.mtime
        else {
            self = .unproven("nothing of its path can be seen")
            return
        }
        // 0 is what some write that do not know the device.
        guard let index = try? repository.index(of: worktree), let device = index.first?.device, device != 0 else {
            self = .unproven("it has no index that tells which disk it was on")
            return
        }
        guard device == UInt32(truncatingIfNeeded: above.status.device) else {
            self = .unproven("it was on another disk than \(above.path), which may not be mounted")
            return
        }
        guard above.status.mtime >= registered else {
            self = .unproven("nothing was deleted in \(above.path) since; something may not be mounted there")
            return
        }
        self = .deleted
    }

    private static func closestDirectory(above path: FilePath) -> (path: FilePath, status: FileStatus)? {
        var current = path
        while current.removeLastComponent() {
            if let real = realPath(current), let status = FileStatus.ifPresent(real), status.kind == .directory {
                return (real, status)
            }
        }
        return nil
    }
}
