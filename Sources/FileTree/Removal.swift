import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Removes `path` and all below it. Symlinks are removed, never followed. What is mounted below, be it a bind mount of
/// the same file system, is not entered: it is an EXDEV. Throws the first `FileError`, having removed what it could
/// before it; a path that names nothing is no error, and neither is anything that somebody else removes meanwhile.
/// `removed` is called after each file below, from this thread.
public func removeTree(_ path: FilePath, removed: () -> Void = {}) throws(FileError) {
    guard let status = try FileStatus.ofExisting(path) else { return }
    guard status.kind == .directory else {
        guard path.withPlatformString({ unlink($0) }) == 0 || errno == ENOENT else {
            throw FileError("remove", path, Errno(rawValue: errno))
        }
        return
    }
    try Directory(path).walk(
        passingOverMounts: false,
        file: { parent, name throws(FileError) in
            try parent.remove(name, flags: 0)
            removed()
        },
        leave: { parent, name throws(FileError) in try parent.remove(name, flags: AT_REMOVEDIR) })
    guard path.withPlatformString({ rmdir($0) }) == 0 || errno == ENOENT else {
        throw FileError("remove", path, Errno(rawValue: errno))
    }
}

extension Directory {
    fileprivate func remove(_ name: UnsafePointer<CChar>, flags: Int32) throws(FileError) {
        guard unlinkat(descriptor, name, flags) == 0 || errno == ENOENT else { throw error("remove", name) }
    }
}
