import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The permissions that git gives to directories it makes in a repository with `core.sharedRepository`
/// (git_config_perm, setup.c; calc_shared_perm and adjust_shared_perm, path.c).
public struct SharedMode: Sendable {
    /// Bits that are added, or that replace the others; 0 leaves them to the umask.
    private let bits: UInt32
    private let replaces: Bool

    /// Reads the setting; what git does not know leaves the permissions to the umask.
    public init(_ configuration: Configuration) {
        let text = configuration.string(forKey: "core.sharedRepository")?.lowercased() ?? "umask"
        switch text {
        case "group", "true", "yes", "on", "1": (bits, replaces) = (0o660, false)
        case "all", "world", "everybody", "2": (bits, replaces) = (0o664, false)
        default:
            let octal = UInt32(text, radix: 8) ?? 0
            (bits, replaces) = (octal & 0o600 == 0o600 ? octal & 0o666 : 0, true)
        }
    }

    /// Makes a directory with them. Throws `FileError`: EEXIST when something is there, unless it `mayExist`.
    func makeDirectory(_ path: FilePath, mayExist: Bool = false) throws(FileError) {
        guard path.withPlatformString({ mkdir($0, 0o777) }) == 0 else {
            if errno == EEXIST, mayExist { return }
            throw FileError("create", path, Errno(rawValue: errno))
        }
        guard bits != 0 else { return }
        let old = try FileStatus(path).mode & 0o7777
        var mode = replaces ? (old & ~0o777) | bits : old | bits
        // Whoever may read a directory may look into it.
        mode |= (mode & 0o444) >> 2
        if mode & 0o060 != 0 { mode |= 0o2000 }
        guard mode != old else { return }
        guard path.withPlatformString({ chmod($0, mode_t(mode)) }) == 0 else {
            throw FileError("set the permissions of", path, Errno(rawValue: errno))
        }
    }

    /// Makes a directory and those above it that are missing. Throws `FileError`, also when it is there already.
    func makeDirectories(_ path: FilePath) throws(FileError) {
        let above = path.removingLastComponent()
        var missing: [FilePath] = []
        var next = above
        while !next.isEmpty, try FileStatus.ofExisting(next) == nil {
            missing.append(next)
            guard next.removeLastComponent() else { break }
        }
        for directory in missing.reversed() { try makeDirectory(directory, mayExist: true) }
        try makeDirectory(path)
    }
}
