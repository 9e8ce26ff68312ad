import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file with a lock (flock(2)) on it for as long as anybody who may still act on it lives: this process, and every
/// program that it starts meanwhile. Those get the descriptor too, and with it the lock, so that it outlives a process
/// that is killed while its children are at work.
public final class LockedFile: Sendable {
    private let descriptor: Int32
    private let path: FilePath

    /// Makes the file, which must not be there, and locks it. Throws `FileError`.
    public init(creating path: FilePath) throws(FileError) {
        // Without O_CLOEXEC, for the children's sake.
        descriptor = path.withPlatformString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o666) }
        self.path = path
        guard descriptor >= 0 else { throw FileError("create", path, Errno(rawValue: errno)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            path.withPlatformString { _ = unlink($0) }
            throw FileError("lock", path, Errno(rawValue: code))
        }
    }

    /// Adds bytes behind what stands in the file. Throws `FileError`; a part of them may stand there then.
    public func append(_ bytes: [UInt8]) throws(FileError) {
        let code = bytes.withUnsafeBytes { wt_write_all(descriptor, $0.baseAddress, $0.count) }
        guard code == 0 else { throw FileError("write", path, Errno(rawValue: code)) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}

/// A lock (flock(2)) on a directory. Others wait for it while this lives.
public final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Waits for the lock on `directory`, and takes it. Throws `FileError`, also when there is no such directory.
    public init(_ directory: FilePath) throws(FileError) {
        descriptor = directory.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard descriptor >= 0 else { throw FileError("open", directory, Errno(rawValue: errno)) }
        let code = wt_wait_for_lock(descriptor)
        guard code == 0 else { throw FileError("lock", directory, Errno(rawValue: code)) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
