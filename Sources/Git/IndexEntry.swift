import FileTree
import SystemPackage

/// One entry of an index with the stat data that git compares (gitformat-index(5)). Numbers are cut to 32 bits, as
/// git does.
public struct IndexEntry: Hashable, Sendable {
    /// Seen from the worktree's root.
    public let path: FilePath
    /// The blob, or a submodule's commit.
    public let id: ObjectID
    /// What it is.
    public let mode: FileMode
    /// 0; or 1 to 3 in a merge conflict.
    public let stage: Int
    /// When the file's contents last changed.
    public let mtime: FileTime
    /// When its contents or attributes last changed.
    public let ctime: FileTime
    /// The device's number.
    public let device: UInt32
    /// The inode's number.
    public let inode: UInt32
    /// The owner.
    public let uid: UInt32
    /// The group.
    public let gid: UInt32
    /// The length in bytes. 0 on a file that is not empty means that git wants it to be read again (smudged).
    public let size: UInt32
    /// `git update-index --assume-unchanged`.
    public let isAssumedUnchanged: Bool
    /// Left out of the worktree by a sparse checkout.
    public let isSkipped: Bool
    /// `git add --intent-to-add`: there is no blob yet.
    public let isIntentToAdd: Bool

    /// Whether `status` proves that the file still is what was added: every number is equal, and the entry speaks for
    /// itself. Stricter than git, which lets `core.checkStat` and `core.trustctime` leave some out; `false` proves
    /// nothing. A racy entry (see `IndexFile.isRacy`) proves nothing either.
    public func matches(_ status: FileStatus) -> Bool {
        guard stage == 0, !isAssumedUnchanged, !isSkipped, !isIntentToAdd else { return false }
        guard FileMode(canonical: status.mode) == mode else { return false }
        return mtime == status.mtime.truncated && ctime == status.ctime.truncated
            && inode == UInt32(truncatingIfNeeded: status.inode) && uid == status.uid && gid == status.gid
            && size == UInt32(truncatingIfNeeded: status.size)
    }
}

extension FileTime {
    /// With seconds as an index can hold them.
    fileprivate var truncated: FileTime {
        FileTime(seconds: Int64(UInt32(truncatingIfNeeded: seconds)), nanoseconds: nanoseconds)
    }
}
