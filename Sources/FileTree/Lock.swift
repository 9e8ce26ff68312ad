import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Whether another process holds a lock (flock(2)) on the file. False where there is no such file, or none that may be
/// opened. The file is not changed.
public func isLocked(_ path: FilePath) -> Bool {
    let descriptor = path.withPlatformString { open($0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return wt_probe_lock(descriptor) == EWOULDBLOCK
}

/// A lock (flock(2)) that is held as long as this lives. Other processes wait for it, or are told that it is taken.
public final class FileLock: Sendable {
    private let descriptor: Int32
    /// The locked file.
    public let path: FilePath

    /// Takes the lock on the file at `path`, which is made, empty, where there is none. Nil when another process holds
    /// it, or when the file cannot be opened. Does not wait.
    public init?(_ path: FilePath) {
        let descriptor = path.withPlatformString { open($0, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666) }
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        self.path = path
    }

    /// Removes the file, unless another process has it open: that one would wait for a lock, or hold one, that nobody
    /// else can find any more. Returns whether it is gone; false also where the system cannot tell (no leases).
    public func removeFile() -> Bool {
        path.withPlatformString { wt_remove_unless_open(descriptor, $0) } == 0
    }

    deinit { close(descriptor) }
}
