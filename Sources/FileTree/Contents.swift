import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The whole of a small regular file; a symlink is followed. Throws `FileError`: EFBIG for more than 1 GiB.
public func readFile(_ path: FilePath) throws(FileError) -> [UInt8] {
    try readFileAndStatus(path).bytes
}

/// The same for a file that somebody else may have put there: no more than `limit` bytes and one, and, unless it is to be
/// followed, no symlink (ELOOP). Throws `FileError`.
public func readFile(_ path: FilePath, upTo limit: Int, following: Bool) throws(FileError) -> [UInt8] {
    try readFile(path, upTo: limit, following: following) { _ in true }
}

/// The same, if `isWanted` says so of the status of the file that was opened; EPERM else. Throws `FileError`.
public func readFile(
    _ path: FilePath, upTo limit: Int, following: Bool, where isWanted: (FileStatus) -> Bool
) throws(FileError) -> [UInt8] {
    let (descriptor, status) = try openRegularFile(path, flags: following ? 0 : O_NOFOLLOW)
    defer { close(descriptor) }
    guard isWanted(status) else { throw FileError("read", path, .notPermitted) }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit + 1) { buffer, count in
        while count <= limit {
            let got = read(descriptor, buffer.baseAddress! + count, limit + 1 - count)
            if got > 0 {
                count += got
            } else if got == 0 {
                return
            } else if errno != EINTR {
                failure = errno
                return
            }
        }
    }
    guard failure == 0 else { throw FileError("read", path, Errno(rawValue: failure)) }
    return bytes
}

/// The whole of a small regular file, to its end, and its status from before it was read: when it changed meanwhile,
/// the status is the older of the two and a comparison with a later one says so. Throws `FileError`.
public func readFileAndStatus(_ path: FilePath) throws(FileError) -> (bytes: [UInt8], status: FileStatus) {
    let (descriptor, status) = try openRegularFile(path)
    defer { close(descriptor) }
    do throws(Errno) {
        return (try readToEnd(descriptor, status), status)
    } catch {
        throw FileError("read", path, error)
    }
}

/// A small regular file as it was read once: it can be written elsewhere without being opened again.
public final class FileContents: Sendable {
    /// All its bytes.
    public let bytes: [UInt8]
    /// Its status from before it was read.
    public let status: FileStatus

    /// Reads `path`. Throws `FileError`, for a symlink too (ELOOP).
    public init(_ path: FilePath) throws(FileError) {
        let (descriptor, status) = try openRegularFile(path, flags: O_NOFOLLOW)
        defer { close(descriptor) }
        do throws(Errno) {
            bytes = try readToEnd(descriptor, status)
        } catch {
            throw FileError("read", path, error)
        }
        self.status = status
    }

    /// Reads the child `name` of `directory`. Throws `FileError`, for a symlink too (ELOOP).
    public init(_ name: UnsafePointer<CChar>, in directory: borrowing Directory) throws(FileError) {
        // O_NONBLOCK: opening a FIFO would wait for a writer.
        let descriptor = openat(directory.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw directory.error("read", name) }
        defer { close(descriptor) }
        do throws(Errno) {
            let status = try regularFileStatus(descriptor)
            bytes = try readToEnd(descriptor, status)
            self.status = status
        } catch {
            throw directory.error("read", name, error.rawValue)
        }
    }
}

/// Files that are longer, as a sparse file can be at no cost, are not read into memory, which would end the process.
let mostReadAtOnce = 1 << 30

private func readToEnd(_ descriptor: Int32, _ status: FileStatus) throws(Errno) -> [UInt8] {
    guard status.size <= mostReadAtOnce else { throw .fileTooLarge }
    var bytes: [UInt8] = []
    // One more than its size, so that the end is usually seen without a second round. Files of /proc have no size.
    var capacity = status.size > 0 ? Int(status.size) + 1 : 4096
    while true {
        var failure: Int32 = 0
        var atEnd = false
        let part = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            while count < capacity {
                let got = read(descriptor, buffer.baseAddress! + count, capacity - count)
                if got > 0 {
                    count += got
                    // There was room for one more, which the file did not have.
                    atEnd = status.size > 0 && bytes.isEmpty && count == status.size
                    if atEnd { return }
                } else if got == 0 {
                    atEnd = true
                    return
                } else if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        guard failure == 0 else { throw Errno(rawValue: failure) }
        if bytes.isEmpty { bytes = part } else { bytes += part }
        if atEnd { return bytes }
        capacity = 64 * 1024
    }
}

/// Calls `body` with the bytes of a regular file, mapped rather than read: for artifacts of many megabytes of which
/// parts are looked at. Throws `FileError`. The caller must not use it on a file that somebody may truncate meanwhile.
public func withMappedFile<Result>(
    _ path: FilePath, _ body: (UnsafeRawBufferPointer) -> Result
) throws(FileError) -> Result {
    let (descriptor, status) = try openRegularFile(path)
    defer { close(descriptor) }
    let size = Int(status.size)
    guard size > 0 else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
        throw FileError("map", path, Errno(rawValue: errno))
    }
    defer { munmap(start, size) }
    return body(UnsafeRawBufferPointer(start: start, count: size))
}

/// Opens a file for reading, and looks what it is. O_NONBLOCK, because opening a FIFO would otherwise wait for a
/// writer; it has no effect on regular files. The caller closes it. Throws `FileError`: EISDIR for a directory, EINVAL
/// for anything else that is not a regular file.
private func openRegularFile(
    _ path: FilePath, flags: Int32 = 0
) throws(FileError) -> (descriptor: Int32, status: FileStatus) {
    let descriptor = path.withPlatformString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC | flags) }
    guard descriptor >= 0 else { throw FileError("open", path, Errno(rawValue: errno)) }
    do throws(Errno) {
        return (descriptor, try regularFileStatus(descriptor))
    } catch {
        close(descriptor)
        throw FileError("read", path, error)
    }
}

/// What was opened, if it is a regular file; EISDIR or EINVAL else.
private func regularFileStatus(_ descriptor: Int32) throws(Errno) -> FileStatus {
    var raw = wt_status()
    let code = wt_status_of(descriptor, &raw)
    guard code == 0 else { throw Errno(rawValue: code) }
    let status = FileStatus(raw: raw)
    guard status.kind == .file else { throw status.kind == .directory ? .isDirectory : .invalidArgument }
    return status
}

/// Makes a directory and the missing ones above it (mkdir -p). Returns those that this call made, topmost first, so that
/// a failed command can take exactly these away again. Throws `FileError`, having taken them away itself: EEXIST or
/// ENOTDIR where something else than a directory is in the way.
@discardableResult
public func makeDirectories(_ path: FilePath) throws(FileError) -> [FilePath] {
    var missing: [FilePath] = []
    var current = path
    while !current.isEmpty, try FileStatus.ofExisting(current) == nil {
        missing.append(current)
        guard current.removeLastComponent() else { break }
    }
    var made: [FilePath] = []
    do throws(FileError) {
        for directory in missing.reversed() {
            if directory.withPlatformString({ mkdir($0, 0o777) }) == 0 {
                made.append(directory)
            } else if errno != EEXIST {
                throw FileError("create", directory, Errno(rawValue: errno))
            }
        }
        guard path.isEmpty || isDirectory(path) else { throw FileError("create", path, .fileExists) }
    } catch {
        for directory in made.reversed() { _ = directory.withPlatformString { rmdir($0) } }
        throw error
    }
    return made
}

/// Whether `path` is a directory, or a symlink to one.
private func isDirectory(_ path: FilePath) -> Bool {
    var found = stat()
    return path.withPlatformString { stat($0, &found) } == 0 && found.st_mode & S_IFMT == S_IFDIR
}

/// Makes a directory, not those above it, with the permissions that the umask leaves of `mode`. Throws `FileError`:
/// EEXIST when something is there.
public func makeDirectory(_ path: FilePath, mode: UInt32 = 0o777) throws(FileError) {
    guard path.withPlatformString({ mkdir($0, mode_t(mode)) }) == 0 else {
        throw FileError("create", path, Errno(rawValue: errno))
    }
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
