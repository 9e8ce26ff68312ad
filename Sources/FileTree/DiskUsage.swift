import SystemPackage

/// What a directory tree takes on disk.
public struct DiskUsage: Hashable, Sendable {
    /// Bytes allocated for everything in the tree, each inode counted once: what `du` prints.
    public var total: Int64 = 0
    /// The part that removing the tree would free: blocks of inodes all of whose hard links lie inside it. On a file
    /// system with reflinks this is an upper bound, since blocks can be shared below the inode.
    public var exclusive: Int64 = 0

    /// Nothing.
    public init() {}

    /// What the part outside `exclusive` comes to: bytes that stay because something else links to them.
    public var shared: Int64 { total - exclusive }
}

/// Measures the trees at `paths` together, so that links between them count as inside. A path that names nothing
/// counts as empty. Files that vanish meanwhile are passed over. Throws `FileError` for anything else.
public func diskUsage(of paths: [FilePath]) throws(FileError) -> DiskUsage {
    var count = UsageCount()
    for path in paths {
        guard let status = FileStatus.ifPresent(path) else { continue }
        count.add(status)
        if status.kind == .directory { try count.addContents(of: Directory(path)) }
    }
    return count.usage
}

private struct UsageCount {
    struct Inode: Hashable {
        let device: UInt64
        let number: UInt64
    }
    struct Links {
        var left: UInt64
        let allocated: Int64
    }

    private(set) var usage = DiskUsage()
    /// Inodes with more than one link, and how many of their links were not met yet.
    private var linked: [Inode: Links] = [:]

    mutating func add(_ status: FileStatus) {
        if status.kind == .directory || status.links <= 1 {
            usage.total += status.allocated
            usage.exclusive += status.allocated
            return
        }
        let inode = Inode(device: status.device, number: status.inode)
        var links = linked[inode] ?? Links(left: status.links, allocated: status.allocated)
        if linked[inode] == nil { usage.total += status.allocated }
        links.left -= min(links.left, 1)
        if links.left == 0 { usage.exclusive += links.allocated }
        linked[inode] = links
    }

    mutating func addContents(of directory: borrowing Directory) throws(FileError) {
        try directory.forEachEntry { name, kind throws(FileError) in
            do throws(FileError) {
                add(try directory.status(of: name))
                if kind == .directory { try addContents(of: directory.child(name)) }
            } catch  where error.code == .noSuchFileOrDirectory {
                return
            }
        }
    }
}
