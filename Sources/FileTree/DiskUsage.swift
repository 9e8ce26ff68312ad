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
    try diskUsage(ofGroups: [paths])[0]
}

/// Measures trees that are removed one after the other in this order: an inode that two of them share is shared for the
/// first, and exclusive for the last. Otherwise as `diskUsage`.
public func successiveDiskUsage(of paths: [FilePath]) throws(FileError) -> [DiskUsage] {
    try diskUsage(ofGroups: paths.map { [$0] })
}

/// Measures groups of trees, each group together, one group after the other.
private func diskUsage(ofGroups groups: [[FilePath]]) throws(FileError) -> [DiskUsage] {
    var roots: Set<FileIdentity> = []
    for path in groups.joined() {
        if let status = try FileStatus.ofExisting(path) { roots.insert(FileIdentity(status)) }
    }
    var count = UsageCount()
    var measured: Set<FileIdentity> = []
    var usages: [DiskUsage] = []
    for group in groups {
        for path in group {
            guard let found = try FileStatus.ofExisting(path) else { continue }
            guard found.kind == .directory else {
                // A file is its own whole tree.
                if measured.insert(FileIdentity(found)).inserted { count.add(found) }
                continue
            }
            if measured.contains(FileIdentity(found)) { continue }
            let directory = try Directory(path)
            let status = try directory.status()
            measured.insert(FileIdentity(status))
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
                    let identity = FileIdentity(status)
                    // The tree of another path: whoever comes first measures it.
                    if roots.contains(identity), !measured.insert(identity).inserted { return false }
                    count.add(status)
                    return true
                })
        }
        usages.append(count.endGroup())
    }
    return usages
}

private struct UsageCount {
    private var usage = DiskUsage()
    /// Inodes of this group that have more than one link.
    private var met: Set<FileIdentity> = []
    /// How many of their links were not met yet, in any group.
    private var linksLeft: [FileIdentity: UInt64] = [:]

    mutating func add(_ status: FileStatus) {
        if status.kind == .directory || status.links <= 1 {
            usage.total += status.allocated
            usage.exclusive += status.allocated
            return
        }
        let identity = FileIdentity(status)
        if met.insert(identity).inserted { usage.total += status.allocated }
        let left = linksLeft[identity] ?? status.links
        // Met more often than it has links: one of them was made while counting, and it was counted as freed already.
        guard left > 0 else { return }
        linksLeft[identity] = left - 1
        if left == 1 { usage.exclusive += status.allocated }
    }

    /// What was added since the last time.
    mutating func endGroup() -> DiskUsage {
        defer { (usage, met) = (DiskUsage(), []) }
        return usage
    }
}
