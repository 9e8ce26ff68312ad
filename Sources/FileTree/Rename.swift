import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Gives the file or directory at `path` another name (rename(2)), in one step. Throws `FileError`: EEXIST where
/// something is there already, as far as that can be seen beforehand.
public func moveEntry(_ path: FilePath, to target: FilePath) throws(FileError) {
    if try FileStatus.ofExisting(target) != nil { throw FileError("move", path, .fileExists) }
    let code = path.withPlatformString { from in
        target.withPlatformString { to in rename(from, to) == 0 ? 0 : errno }
    }
    guard code == 0 else { throw FileError("move", path, Errno(rawValue: code)) }
}
