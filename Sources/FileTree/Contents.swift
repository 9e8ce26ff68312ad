import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The whole of a small file. Throws `FileError`.
public func readFile(_ path: FilePath) throws(FileError) -> [UInt8] {
    try readFileAndStatus(path).bytes
}

/// The whole of a small file, and the status of exactly what was read. Throws `FileError`.
public func readFileAndStatus(_ path: FilePath) throws(FileError) -> (bytes: [UInt8], status: FileStatus) {
    let descriptor = path.withPlatformString { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError("open", path, Errno(rawValue: errno)) }
    defer { close(descriptor) }
    var status = wt_status()
    let code = wt_status_of(descriptor, &status)
    guard code == 0 else { throw FileError("look at", path, Errno(rawValue: code)) }
    var failure: Int32 = 0
    let capacity = Int(status.size)
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        while count < capacity {
            let got = read(descriptor, buffer.baseAddress! + count, capacity - count)
            if got == 0 { return }
            if got < 0 {
                if errno == EINTR { continue }
                failure = errno
                return
            }
            count += got
        }
    }
    guard failure == 0 else { throw FileError("read", path, Errno(rawValue: failure)) }
    return (bytes, FileStatus(raw: status))
}

/// Makes a directory and the missing ones above it. Returns those it made, topmost first, so that a failed command
/// can take exactly these away again. Throws `FileError`.
@discardableResult
public func makeDirectories(_ path: FilePath) throws(FileError) -> [FilePath] {
    var missing: [FilePath] = []
    var current = path
    while FileStatus.ifPresent(current) == nil, !current.isEmpty {
        missing.append(current)
        guard current.removeLastComponent() else { break }
    }
    for directory in missing.reversed() {
        guard directory.withPlatformString({ mkdir($0, 0o777) }) == 0 || errno == EEXIST else {
            throw FileError("create", directory, Errno(rawValue: errno))
        }
    }
    return missing.reversed()
}

/// Removes an empty directory. Throws `FileError`.
public func removeEmptyDirectory(_ path: FilePath) throws(FileError) {
    guard path.withPlatformString({ rmdir($0) }) == 0 else {
        throw FileError("remove", path, Errno(rawValue: errno))
    }
}

/// The path with every symlink resolved (realpath(3)), or nil when it names nothing.
public func realPath(_ path: FilePath) -> FilePath? {
    path.withPlatformString { name in
        guard let resolved = realpath(name, nil) else { return nil }
        defer { free(resolved) }
        return FilePath(platformString: resolved)
    }
}

/// A symlink's text. Throws `FileError`, also when `path` is no symlink.
public func symlinkTarget(_ path: FilePath) throws(FileError) -> [UInt8] {
    let capacity = Int(PATH_MAX)
    var failure: Int32 = 0
    let text = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        let length = path.withPlatformString { name in
            buffer.baseAddress!.withMemoryRebound(to: CChar.self, capacity: capacity) { readlink(name, $0, capacity) }
        }
        if length < 0 { failure = errno } else { count = length }
    }
    guard failure == 0 else { throw FileError("read", path, Errno(rawValue: failure)) }
    return text
}

/// Sets the mtime of `path` itself, not followed, and leaves its atime. Throws `FileError`.
public func setModificationTime(of path: FilePath, to time: FileTime) throws(FileError) {
    let code = path.withPlatformString { wt_set_mtime_at(currentDirectory, $0, time.seconds, time.nanoseconds) }
    guard code == 0 else { throw FileError("set the time of", path, Errno(rawValue: code)) }
}
