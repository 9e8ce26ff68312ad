import SystemPackage

/// What each of several trees takes on disk, when they are removed one after the other in this order: an inode that two
/// of them share is shared for the first, and exclusive for the last. What is mounted below is not part of a tree. A path
/// that names nothing counts as empty, and files that vanish meanwhile are passed over. Throws `FileError` for anything
/// else.
public func successiveDiskUsage(of paths: [FilePath]) throws(FileError) -> [DiskUsage] {
    /// Links of an inode that were not met yet.
    var linksLeft: [FileIdentity: UInt64] = [:]
    var usages: [DiskUsage] = []
    for path in paths {
        var usage = DiskUsage()
        var met: Set<FileIdentity> = []
        func count(_ status: FileStatus) {
            guard status.kind != .directory, status.links > 1 else {
                usage.total += status.allocated
                usage.exclusive += status.allocated
                return
            }
            let identity = FileIdentity(status)
            if met.insert(identity).inserted { usage.total += status.allocated }
            let left = linksLeft[identity] ?? status.links
            // Met more often than it has links: one of them was made meanwhile.
            guard left > 0 else { return }
            linksLeft[identity] = left - 1
            if left == 1 { usage.exclusive += status.allocated }
        }
        if let status = try FileStatus.ofExisting(path) {
            count(status)
            if status.kind == .directory {
                try Directory(path).walk(
                    passingOverMounts: true,
                    file: { parent, name throws(FileError) in
                        do throws(FileError) {
                            count(try parent.status(of: name))
                        } catch let error where error.code == .noSuchFileOrDirectory {
                            return
                        }
                    },
                    enter: { directory throws(FileError) in
                        count(try directory.status())
                        return true
                    })
            }
        }
        usages.append(usage)
    }
    return usages
}
