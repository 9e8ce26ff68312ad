import FileTree
import Git
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A worktree's directory that has been moved into the trash and not been given up yet: out of everybody's way, it is
/// looked at once more, and can be put back. A file beside it says where it belongs, so that the next `wt` can decide
/// when this one is killed.
final class HeldDirectory: Sendable {
    /// Where it is while it is held.
    let tree: FilePath
    /// Where it was.
    let origin: FilePath
    private let directory: FilePath
    private let trash: Trash
    private let lock: DirectoryLock

    /// Moves the worktree of `registration` at `origin` away. Nil, with nothing changed, where that cannot be done, for
    /// example because it is on another file system than the repository.
    init?(_ origin: FilePath, _ registration: AdministrativeDirectory, trash: Trash) {
        guard let directory = try? trash.makeHeldDirectory(), let lock = try? DirectoryLock(directory) else {
            return nil
        }
        self.directory = directory
        self.lock = lock
        self.trash = trash
        self.origin = origin
        tree = directory.appending(Self.treeName)
        let record = origin.bytes + [0] + registration.path.bytes
        guard Self.note(record, in: directory), (try? moveDirectory(origin, to: tree)) == true else {
            clear()
            return nil
        }
    }

    /// One that a `wt` which is gone has left. Nil when it is still held, or is none.
    init?(left directory: FilePath, trash: Trash) {
        guard !isLocked(directory), let lock = try? DirectoryLock(directory) else { return nil }
        self.directory = directory
        self.lock = lock
        self.trash = trash
        tree = directory.appending(Self.treeName)
        origin = Self.record(in: directory)?.origin ?? ""
    }

    /// Puts it back to where it was. Returns whether that worked; something else may stand there now.
    func putBack() -> Bool {
        guard (try? moveDirectory(tree, to: origin)) == true else { return false }
        clear()
        return true
    }

    /// Leaves it to be deleted.
    func giveUp() throws(FileError) {
        guard try trash.take(tree) else { throw FileError("move", tree, .permissionDenied) }
        clear()
    }

    fileprivate func clear() {
        for name in [Self.recordName, Self.treeName] {
            // The tree only when it is empty, which it never is when there is something to lose.
            _ = directory.appending(name).withPlatformString { name == Self.recordName ? unlink($0) : rmdir($0) }
        }
        _ = directory.withPlatformString { rmdir($0) }
        _ = trash.path.withPlatformString { rmdir($0) }
    }

    private static let treeName: FilePath.Component = "tree"
    private static let recordName: FilePath.Component = "from"

    private static func note(_ record: [UInt8], in directory: FilePath) -> Bool {
        guard let directory = try? Directory(directory) else { return false }
        let written: ()? = try? recordName.withName { name throws(FileError) in try directory.write(record, to: name) }
        return written != nil
    }

    fileprivate static func record(
        in directory: FilePath
    ) -> (origin: FilePath, registration: AdministrativeDirectory)? {
        guard let bytes = try? readFile(directory.appending(recordName)) else { return nil }
        let parts = bytes.split(separator: 0)
        guard parts.count == 2 else { return nil }
        return (FilePath(bytes: parts[0]), AdministrativeDirectory(path: FilePath(bytes: parts[1])))
    }
}

extension Trash {
    /// Decides about what was left behind by a `wt rm` that was killed: a worktree that is still registered is put back,
    /// one that is not was to be deleted. Returns what to tell the user, if there is something.
    public func settleHeld() -> (putBack: [FilePath], warnings: [String]) {
        var putBack: [FilePath] = []
        var warnings: [String] = []
        for directory in held {
            guard let left = HeldDirectory(left: directory, trash: self) else { continue }
            guard FileStatus.ifPresent(left.tree) != nil else {
                left.clear()
                continue
            }
            guard let (origin, registration) = HeldDirectory.record(in: directory) else {
                warnings.append(
                    "\(left.tree) was moved there by a wt rm that was killed; nothing says where it belongs")
                continue
            }
            if registration.worktreePath != origin {
                try? left.giveUp()
            } else if left.putBack() {
                putBack.append(origin)
            } else {
                warnings.append("\(left.tree) belongs to \(origin), which is taken; move it to where it should be")
            }
        }
        return (putBack, warnings)
    }
}
