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

    /// Looks for proofs. git has noted in the index on which device the files were: it must be the repository's, which is
    /// certainly there, and that of the closest directory above that exists. That directory must have changed since the
    /// worktree was registered, as it does when something in it is deleted: a mount point has not, as a rule. And no
    /// directory beside it or beside the repository says that it is the worktree, moved by hand.
    init(_ worktree: WorktreeRecord, in repository: borrowing Repository) {
        do throws(FileError) {
            guard try FileStatus.ofExisting(worktree.path) == nil else {
                self = .present
                return
            }
        } catch {
            self = .unproven(error.description)
            return
        }
        let common = repository.location.commonDirectory
        guard let above = Self.closestDirectory(above: worktree.path), let own = FileStatus.ifPresent(common),
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
        guard device == UInt32(truncatingIfNeeded: above.status.device),
            device == UInt32(truncatingIfNeeded: own.device)
        else {
            self = .unproven("it was on another disk than \(above.path) or the repository, which may not be mounted")
            return
        }
        guard above.status.mtime >= registered else {
            self = .unproven("nothing was deleted in \(above.path) since; something may not be mounted there")
            return
        }
        let places = [above.path, repository.location.mainWorktree?.removingLastComponent(), common]
        if let moved = Self.moved(worktree, among: places.compactMap { $0 }) {
            self = .unproven("it was moved to \(moved) (git worktree repair \(moved))")
            return
        }
        self = .deleted
    }

    /// A directory right in one of `places` whose `.git` names the registration.
    private static func moved(_ worktree: WorktreeRecord, among places: [FilePath]) -> FilePath? {
        let registration = realPath(worktree.gitDirectory)
        for place in places {
            guard let directory = try? Directory(place), let entries = try? directory.entries() else { continue }
            for entry in entries where entry.kind == .directory {
                let path = place.appending(entry.name)
                // Where the repository was moved along, the path in it is the old one, and ends in the same names.
                guard let named = gitDirectory(namedBy: path.appending(".git")) else { continue }
                let isSame = realPath(named) == registration
                if isSame || realPath(named) == nil && named.lastComponent == worktree.gitDirectory.lastComponent {
                    return path
                }
            }
        }
        return nil
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
