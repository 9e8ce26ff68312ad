import CPosix
import SystemPackage

/// A file's time to the nanosecond, as cargo compares it.
public struct FileTime: Hashable, Comparable, Sendable {
    /// Seconds since the epoch.
    public let seconds: Int64
    /// 0 to 999,999,999.
    public let nanoseconds: Int32

    /// Makes a time from its two parts.
    public init(seconds: Int64, nanoseconds: Int32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Earlier is less.
    public static func < (a: FileTime, b: FileTime) -> Bool {
        (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
    }

    /// The latest time before this one; itself where it is the first that there is.
    public var predecessor: FileTime {
        if nanoseconds > 0 { return FileTime(seconds: seconds, nanoseconds: nanoseconds - 1) }
        return seconds == .min ? self : FileTime(seconds: seconds - 1, nanoseconds: 999_999_999)
    }

    /// Seconds from `other` to this time; as many as fit, since a file system keeps whatever number it is told.
    public func seconds(since other: FileTime) -> Int64 {
        let (difference, overflow) = seconds.subtractingReportingOverflow(other.seconds)
        return overflow ? (seconds < other.seconds ? .min : .max) : difference
    }

    /// What the kernel would stamp a file with at this moment: its coarse clock, which can lag the precise one by
    /// some milliseconds, so that a comparison with an mtime is never off by that.
    public static func now() -> FileTime {
        var seconds: Int64 = 0
        var nanoseconds: Int32 = 0
        wt_file_clock(&seconds, &nanoseconds)
        return FileTime(seconds: seconds, nanoseconds: nanoseconds)
    }
}

/// What a directory entry is, from the file type bits of its mode.
public enum FileKind: Sendable {
    case file, directory, symlink, other
}

/// lstat(2) as a value. Symlinks are never followed.
public struct FileStatus: Sendable {
    let raw: wt_status

    /// Regular file, directory, symlink, or anything else.
    public var kind: FileKind {
        switch raw.mode & 0o170000 {
        case 0o100000: .file
        case 0o040000: .directory
        case 0o120000: .symlink
        default: .other
        }
    }
    /// Type and permission bits.
    public var mode: UInt32 { raw.mode }
    /// Owner.
    public var uid: UInt32 { raw.uid }
    /// Group.
    public var gid: UInt32 { raw.gid }
    /// Length in bytes.
    public var size: Int64 { raw.size }
    /// Bytes allocated on disk.
    public var allocated: Int64 { raw.blocks * 512 }
    /// Device number.
    public var device: UInt64 { raw.device }
    /// Inode number, unique within the device.
    public var inode: UInt64 { raw.inode }
    /// Number of hard links.
    public var links: UInt64 { raw.links }
    /// Time of the last change of the contents.
    public var mtime: FileTime { FileTime(seconds: raw.mtime_seconds, nanoseconds: raw.mtime_nanoseconds) }
    /// Time of the last change of contents or attributes.
    public var ctime: FileTime { FileTime(seconds: raw.ctime_seconds, nanoseconds: raw.ctime_nanoseconds) }

    /// The status of `path` itself. Throws `FileError`, also when there is no such file.
    public init(_ path: FilePath) throws(FileError) {
        var status = wt_status()
        let code = path.withPlatformString { wt_status_at(currentDirectory, $0, &status) }
        guard code == 0 else { throw FileError("look at", path, Errno(rawValue: code)) }
        raw = status
    }

    init(raw: wt_status) { self.raw = raw }

    /// The status of `path` itself, or nil when it names nothing (ENOENT, ENOTDIR). Throws `FileError` when that cannot
    /// be told, as below a directory that may not be searched: what cannot be seen is not known to be absent.
    public static func ofExisting(_ path: FilePath) throws(FileError) -> FileStatus? {
        do throws(FileError) {
            return try FileStatus(path)
        } catch let error where error.code == .noSuchFileOrDirectory || error.code == .notDirectory {
            return nil
        }
    }

    /// Whether `path` certainly names nothing (`ofExisting`).
    public static func isAbsent(_ path: FilePath) -> Bool {
        do throws(FileError) { return try ofExisting(path) == nil } catch { return false }
    }

    /// The status of `path` itself, or nil when it cannot be had, for whatever reason.
    public static func ifPresent(_ path: FilePath) -> FileStatus? { try? FileStatus(path) }
}
