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

/// Measures the trees at `paths` together, so that links between them count as inside; a tree that lies in another one
/// counts once. What is mounted below is not part of a tree, since removal would not free it. A path that names nothing
/// counts as empty. Files that vanish meanwhile are passed over. Throws `FileError` for anything else.
public func diskUsage(of paths: [FilePath]) throws(FileError) -> DiskUsage {
    var roots: [(path: FilePath, inode: Inode)] = []
    var count = UsageCount()
    for path in paths {
        guard let status = try FileStatus.ofExisting(path) else { continue }
        let inode = Inode(status)
        if roots.contains(where: { $0.inode == inode }) { continue }
        roots.append((path, inode))
        // A file is its own whole tree.
        if status.kind != .directory { count.add(status) }
    }
    let rootInodes = Set(roots.map(\.inode))
    var measured: Set<Inode> = []
    for (path, inode) in roots where FileStatus.ifPresent(path)?.kind == .directory && !measured.contains(inode) {
        let directory = try Directory(path)
        let status = try directory.status()
        measured.insert(Inode(status))
        count.add(status)
        try directory.walk(
            passingOverMounts: true,
            file: { parent, name throws(FileError) in
                do throws(FileError) {
                    count.add(try parent.status(of: name))
                } catch let error where error.code == .noSuchFileOrDirectory {
                    return
                }
            },
            enter: { directory throws(FileError) in
                let status = try directory.status()
                // The tree of another path: whoever comes first measures it.
                if rootInodes.contains(Inode(status)), !measured.insert(Inode(status)).inserted { return false }
                count.add(status)
                return true
            })
    }
    return count.usage
}

private struct Inode: Hashable {
    let device: UInt64
    let number: UInt64

    init(_ status: FileStatus) {
        device = status.device
        number = status.inode
    }
}

private struct UsageCount {
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
        let inode = Inode(status)
        let known = linked[inode]
        var links = known ?? Links(left: status.links, allocated: status.allocated)
        if known == nil { usage.total += status.allocated }
        // Met more often than it has links: one of them was made while counting, and it was counted as freed already.
        guard links.left > 0 else { return }
        links.left -= 1
        if links.left == 0 { usage.exclusive += links.allocated }
        linked[inode] = links
    }
}
