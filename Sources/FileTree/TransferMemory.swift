import SystemPackage

/// The file systems of two directories, by their device numbers.
public struct DevicePair: Hashable, Sendable {
    let source: UInt64
    let target: UInt64

    /// Looks at both. Throws `FileError`.
    public init(from source: borrowing Directory, to target: borrowing Directory) throws(FileError) {
        self.source = try source.status().device
        self.target = try target.status().device
    }
}

/// Takes files from one directory into another in the cheapest way that the system allows, and remembers what it
/// refused: thousands of files that lie between the same two file systems need not be refused one by one.
public final class TransferMemory {
    private var noLinks: Set<DevicePair> = []
    private var noLinksToFilesOf: [DevicePair: Set<UInt32>] = [:]
    private var noClones: Set<DevicePair> = []

    /// How many hard links the system has refused.
    public private(set) var refusedLinks = 0
    /// How many times it has refused to let two files share their blocks.
    public private(set) var refusedClones = 0

    /// Whether links are refused for more than one file: between two file systems, or to the files of some owner.
    public var refusesLinks: Bool { !noLinks.isEmpty || !noLinksToFilesOf.isEmpty }

    /// Remembers nothing yet.
    public init() {}

    /// Puts `source`'s child `name`, a regular file, into `target` under the same name: as a hard link where `mayLink`
    /// allows it, else as a private copy that shares its blocks, else as one that does not; each copy as
    /// `Directory.copy` makes it, with the exact mtime, or with `mtime` where one is given. `devices` are those of the two
    /// directories, and are asked for once something was refused. Returns how, and the bytes of a copy (0 for a link).
    /// Throws `FileError` for what is no matter of how: a missing file, a name that is taken, a full disk.
    public func take(
        _ name: UnsafePointer<CChar>, from source: borrowing Directory, to target: borrowing Directory,
        between devices: @autoclosure () throws(FileError) -> DevicePair, mayLink: Bool, mtime: FileTime? = nil
    ) throws(FileError) -> (how: Transfer, size: Int64) {
        if mayLink, try link(name, from: source, to: target, between: devices) { return (.link, 0) }
        let mayClone = noClones.isEmpty ? true : !noClones.contains(try devices())
        let (how, size, refusal) = try target.copy(name, from: source, asClone: mayClone, mtime: mtime)
        if let refusal {
            refusedClones += 1
            if refusal.isRefusedClone { noClones.insert(try devices()) }
        }
        return (how, size)
    }

    /// Returns whether there is a link now. Throws what is no refusal.
    private func link(
        _ name: UnsafePointer<CChar>, from source: borrowing Directory, to target: borrowing Directory,
        between devices: () throws(FileError) -> DevicePair
    ) throws(FileError) -> Bool {
        if refusesLinks {
            let devices = try devices()
            if noLinks.contains(devices) { return false }
            if let owners = noLinksToFilesOf[devices], owners.contains(try source.status(of: name).uid) { return false }
        }
        do throws(FileError) {
            try target.link(name, from: source)
            return true
        } catch {
            switch error.code {
            // Another file system or another mount; no links at all there; a sandbox without the call.
            case .improperLink, .notSupported, .noFunction:
                noLinks.insert(try devices())
            // Somebody else's file (`fs.protected_hardlinks` on Linux), or a security module's label. FAT says the same
            // for lack of links, which makes no difference: the files of each owner are then refused once.
            case .notPermitted, .permissionDenied:
                noLinksToFilesOf[try devices(), default: []].insert(try source.status(of: name).uid)
            // 65,000 links on ext4: a matter of this one file.
            case .tooManyLinks:
                break
            default:
                throw error
            }
            refusedLinks += 1
            return false
        }
    }
}

extension Errno {
    /// The ways of saying that files on these two file systems cannot share blocks (ioctl_ficlone(2), clonefile(2)).
    /// Anything else, a full disk for example, can be another matter with the next file.
    fileprivate var isRefusedClone: Bool {
        switch self {
        case .improperLink, .notSupported, .invalidArgument, .inappropriateIOCTLForDevice, .noFunction, .notPermitted:
            true
        default: false
        }
    }
}
