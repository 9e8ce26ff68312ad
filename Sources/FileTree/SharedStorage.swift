import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Whether a copy of `file` in `target` could share its blocks, found out by trying: a file without a name (O_TMPFILE)
/// is made where `target` is, or in the closest directory above that exists, and gets the blocks of `file` (FICLONE).
/// It is gone when this returns; no name, no mtime and no listing has changed meanwhile.
///
/// `file` is only read. It should be one that is to be copied, and not a small one: an empty file proves nothing. False
/// also where nothing can be tried: where `file` cannot be read, where `target` may not be written, and on systems and
/// file systems without files that have no name.
public func canShareBlocks(of file: FilePath, in target: FilePath) -> Bool {
    let source = file.withPlatformString { open($0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
    guard source >= 0 else { return false }
    defer { close(source) }
    guard let directory = closestDirectory(to: target) else { return false }
    let nameless = directory.withPlatformString { wt_open_nameless_file($0) }
    guard nameless >= 0 else { return false }
    defer { close(nameless) }
    return wt_reflink(source, nameless) == 0
}

/// Whether both places are on one device, so that files can be linked from one to the other as far as that is concerned
/// (a bind mount, quotas and owners can still forbid it). For a path that names nothing, the closest directory above
/// that exists counts. False also where that cannot be told.
public func areOnOneDevice(_ first: FilePath, _ second: FilePath) -> Bool {
    guard let first = device(of: first), let second = device(of: second) else { return false }
    return first == second
}

/// Whether files of the file system at `path` can share blocks below the inode (btrfs, XFS and others; assumed of macOS),
/// so that `DiskUsage` is an upper bound of what a removal frees. False also where that cannot be told.
public func mayShareBlocks(at path: FilePath) -> Bool { path.withPlatformString { wt_may_share_blocks($0) } == 1 }

private func device(of path: FilePath) -> UInt64? {
    guard let directory = closestDirectory(to: path), let resolved = realPath(directory) else { return nil }
    return FileStatus.ifPresent(resolved)?.device
}

/// `path` itself when it is a directory or a symlink to one, else the closest one above it; nil where there is none
/// that can be seen.
private func closestDirectory(to path: FilePath) -> FilePath? {
    var current = path
    while !current.isEmpty {
        if let resolved = realPath(current), FileStatus.ifPresent(resolved)?.kind == .directory { return resolved }
        guard current.removeLastComponent() else { return path.isAbsolute ? nil : "." }
    }
    return "."
}
