import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Removes `path` and all below it. Symlinks are removed, never followed, and no other file system that is mounted
/// below is entered. Throws the first `FileError`, having removed what it could before it; a path that names nothing
/// is no error.
public func removeTree(_ path: FilePath) throws(FileError) {
    guard let status = FileStatus.ifPresent(path) else { return }
    guard status.kind == .directory else {
        guard path.withPlatformString({ unlink($0) }) == 0 else {
            throw FileError("remove", path, Errno(rawValue: errno))
        }
        return
    }
    try Directory(path).removeContents(device: status.device)
    try removeEmptyDirectory(path)
}

extension Directory {
    fileprivate func removeContents(device: UInt64) throws(FileError) {
        try forEachEntry { name, kind throws(FileError) in
            guard kind == .directory else {
                guard unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else { throw error("remove", name) }
                return
            }
            guard try status(of: name).device == device else { throw error("remove", name, EXDEV) }
            try child(name).removeContents(device: device)
            guard unlinkat(descriptor, name, AT_REMOVEDIR) == 0 else { throw error("remove", name) }
        }
    }
}
