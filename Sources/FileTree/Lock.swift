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
