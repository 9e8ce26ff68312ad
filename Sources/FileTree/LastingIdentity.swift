import CPosix
import SystemPackage

/// What tells a file or directory from a later one at the same path: device, inode and time of birth. A file system
/// gives the inode of a removed file to the next one that is made; the time of birth tells them apart where it is kept.
public struct LastingIdentity: Hashable, Sendable, CustomStringConvertible {
    /// Device number.
    public let device: UInt64
    /// Inode number.
    public let inode: UInt64
    /// When it came into being; zero where the file system does not say.
    public let birth: FileTime

    /// The identity of `path` itself, not followed. Throws `FileError`, also when there is nothing.
    public init(_ path: FilePath) throws(FileError) {
        let status = try FileStatus(path)
        var seconds: Int64 = 0
        var nanoseconds: Int32 = 0
        let code = path.withPlatformString { wt_birth_time_at(currentDirectory, $0, &seconds, &nanoseconds) }
        guard code == 0 else { throw FileError("look at", path, Errno(rawValue: code)) }
        device = status.device
        inode = status.inode
        birth = FileTime(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// Reads what `description` wrote; nil for anything else.
    public init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 4, let device = UInt64(words[0]), let inode = UInt64(words[1]),
            let seconds = Int64(words[2]), let nanoseconds = Int32(words[3])
        else { return nil }
        self.device = device
        self.inode = inode
        birth = FileTime(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// Four numbers with spaces between.
    public var description: String { "\(device) \(inode) \(birth.seconds) \(birth.nanoseconds)" }

    /// Whether no other file can have this identity, ever.
    public var isUnmistakable: Bool { birth != FileTime(seconds: 0, nanoseconds: 0) }
}
