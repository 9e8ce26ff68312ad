import FileTree
import SystemPackage

/// Modification times as cargo asks for them: symlinks are followed, and each path is looked at once.
final class FileTimes {
    private var known: [FilePath: FileTime?] = [:]

    /// The newest mtime of `path` and, in a directory, of all that is in it, the directories included
    /// (`mtime_recursive`, cargo-util `paths.rs`). Nil where `path` names nothing; what cannot be seen further down is
    /// passed over.
    func newest(_ path: FilePath) -> FileTime? {
        if let time = known[path] { return time }
        let time = Self.newest(path, ancestors: [])
        known[path] = .some(time)
        return time
    }

    /// The mtime of one file; nil where there is none.
    static func ofFile(_ path: FilePath) -> FileTime? {
        guard let own = FileStatus.ifPresent(path) else { return nil }
        return own.kind == .symlink ? followed(path)?.mtime : own.mtime
    }

    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private static func newest(_ path: FilePath, ancestors: Set<Identity>) -> FileTime? {
        guard let own = FileStatus.ifPresent(path) else { return nil }
        guard let status = own.kind == .symlink ? followed(path) : own else {
            // Only what was named itself has to exist.
            return ancestors.isEmpty ? nil : own.mtime
        }
        // Of a symlink in a directory, its own time counts too.
        var newest = ancestors.isEmpty ? status.mtime : max(own.mtime, status.mtime)
        guard status.kind == .directory else { return newest }
        let identity = Identity(device: status.device, inode: status.inode)
        guard !ancestors.contains(identity) else { return newest }
        for entry in entries(of: path) {
            if let time = Self.newest(path.appending(entry.name), ancestors: ancestors.union([identity])) {
                newest = max(newest, time)
            }
        }
        return newest
    }

    private static func followed(_ path: FilePath) -> FileStatus? {
        realPath(path).flatMap { FileStatus.ifPresent($0) }
    }
}
