import FileTree
import Git
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A worktree's directory that has been moved into the trash and not been given up yet: out of everybody's way, it is
/// looked at once more, and can be put back. A file beside it says where it belongs. Its registration comes there too, by
/// one rename, and that decides: without it, whoever finds what a killed `wt` has left puts the directory back.
final class HeldDirectory: Sendable {
    /// Where it is while it is held.
    let tree: FilePath
    private let origin: FilePath
    private let registration: AdministrativeDirectory
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
        self.registration = registration
        tree = directory.appending(Self.treeName)
        let record = origin.bytes + [0] + registration.path.bytes
        guard Self.note(record, in: directory), (try? moveEntry(origin, to: tree)) != nil else {
            clear()
            return nil
        }
    }

    /// One that a `wt` which is gone has left. Nil when it is still held, or when nothing says where it belongs.
    fileprivate init?(left directory: FilePath, trash: Trash) {
        guard !isLocked(directory), let lock = try? DirectoryLock(directory),
            let (origin, registration) = Self.record(in: directory)
        else { return nil }
        self.directory = directory
        self.lock = lock
        self.trash = trash
        self.origin = origin
        self.registration = registration
        tree = directory.appending(Self.treeName)
    }

    /// Puts it back to where it was. Returns whether that worked; something else may stand there now.
    func putBack() -> Bool {
        guard (try? moveEntry(tree, to: origin)) != nil else { return false }
        clear()
        return true
    }

    /// Takes the registration away, if it still is the one with this identity, and leaves everything to be deleted. The
    /// first of the two renames is the one that counts. Returns false, with nothing changed, when it is another one, or
    /// cannot be moved.
    func giveUp(_ identity: LastingIdentity) -> Bool {
        let taken = directory.appending(Self.registrationName)
        guard (try? moveEntry(registration.path, to: taken)) != nil else { return false }
        guard (try? LastingIdentity(taken)) == identity else {
            // Somebody has registered another worktree under its name.
            try? moveEntry(taken, to: registration.path)
            return false
        }
        _ = registration.path.removingLastComponent().withPlatformString { rmdir($0) }
        trash.condemn(directory)
        return true
    }

    private func clear() {
        _ = directory.appending(Self.recordName).withPlatformString { unlink($0) }
        // Only when they are empty, which a worktree never is.
        for path in [tree, directory, trash.path] { _ = path.withPlatformString { rmdir($0) } }
    }

    private static let treeName: FilePath.Component = "tree"
    private static let recordName: FilePath.Component = "from"
    private static let registrationName: FilePath.Component = "registration"

    /// One of a `wt` that was killed before anything was moved there, in the middle of its record at the latest. Returns
    /// false, with nothing changed, where there is more in it.
    fileprivate static func removeUnused(_ directory: FilePath) -> Bool {
        guard let entries = try? Directory(directory).entries(), entries.allSatisfy({ $0.name == recordName }) else {
            return false
        }
        _ = directory.appending(recordName).withPlatformString { unlink($0) }
        return directory.withPlatformString { rmdir($0) } == 0
    }

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

    /// What becomes of it now that the `wt` that held it is gone.
    fileprivate enum End {
        case deleted
        case putBack(FilePath)
        case stays(String)
    }

    fileprivate func settle() -> End {
        if FileStatus.ifPresent(directory.appending(Self.registrationName)) != nil {
            trash.condemn(directory)
            return .deleted
        }
        guard FileStatus.ifPresent(tree) != nil else {
            clear()
            return .deleted
        }
        if putBack() { return .putBack(origin) }
        let isTaken = FileStatus.ifPresent(origin) != nil
        return .stays(
            "\(tree) belongs to \(origin), \(isTaken ? "which is taken" : "where it cannot be put back"); move it to where "
                + "it should be")
    }
}

extension Trash {
    /// Whether a `wt rm` has moved the worktree at `origin` away and not decided yet, or was killed before it could.
    func isHolding(_ origin: FilePath) -> Bool { held.contains { HeldDirectory.record(in: $0)?.origin == origin } }

    /// Decides about what was left behind by a `wt rm` that was killed: a worktree is put back unless its registration
    /// had been taken away. Returns what to tell the user, if there is something.
    public func settleHeld() -> (putBack: [FilePath], warnings: [String]) {
        var putBack: [FilePath] = []
        var warnings: [String] = []
        for directory in held {
            guard let left = HeldDirectory(left: directory, trash: self) else {
                let isUnknown = !isLocked(directory) && HeldDirectory.record(in: directory) == nil
                if isUnknown, !HeldDirectory.removeUnused(directory) {
                    warnings.append("\(directory) was left by a wt rm that was killed; nothing says where it belongs")
                }
                continue
            }
            switch left.settle() {
            case .deleted: break
            case .putBack(let origin): putBack.append(origin)
            case .stays(let warning): warnings.append(warning)
            }
        }
        return (putBack, warnings)
    }
}
