import SystemPackage

/// Which file a name stands for: the same for all hard links to it.
public struct FileIdentity: Hashable, Sendable {
    /// Device number.
    public let device: UInt64
    /// Inode number.
    public let inode: UInt64

    /// The file that `status` is of.
    public init(_ status: FileStatus) {
        device = status.device
        inode = status.inode
    }
}

/// The files below `paths` that have a hard link somewhere else. Links among the trees themselves are met as often as
/// there are any: cargo links final artifacts to intermediate ones, and those are nobody else's. The trees must not lie
/// in one another; one that is not there is empty. Throws `FileError` for a tree that cannot be read.
public func filesLinkedOutside(of paths: [FilePath]) throws(FileError) -> Set<FileIdentity> {
    var linksLeft: [FileIdentity: UInt64] = [:]
    for path in paths {
        guard try FileStatus.ofExisting(path)?.kind == .directory else { continue }
        try Directory(path).walk(
            passingOverMounts: true,
            file: { parent, name throws(FileError) in
                do throws(FileError) {
                    let status = try parent.status(of: name)
                    guard status.links > 1 else { return }
                    let left = linksLeft[FileIdentity(status)] ?? status.links
                    linksLeft[FileIdentity(status)] = left - min(left, 1)
                } catch let error where error.code == .noSuchFileOrDirectory {
                    return
                }
            })
    }
    return Set(linksLeft.filter { $0.value > 0 }.keys)
}
