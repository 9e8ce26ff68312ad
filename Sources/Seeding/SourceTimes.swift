import FileTree
import SystemPackage

/// Makes source mtimes equal where the sources are: with the donor's mtime on an identical file, cargo's own freshness
/// rule says the same here as it says there.
public enum SourceTimes {
    /// Sets the mtime of every directory of `directories` (relative to the worktrees' roots) whose listing is the same
    /// in donor and recipient: `rerun-if-changed` on a directory looks at the mtimes of the directories in it too
    /// (`mtime_recursive`, cargo-util `paths.rs`). A directory that differs keeps its own time, which makes the build
    /// script run again. Returns how many were set. Directories that cannot be read are passed over.
    public static func copyDirectoryTimes(
        _ directories: [FilePath], from donor: FilePath, to recipient: FilePath
    ) -> Int {
        directories.concurrentMap { path in
            !path.isEmpty
                && copyTime(from: donor.appending(path.components), to: recipient.appending(path.components))
        }.count { $0 }
    }

    private static func copyTime(from theirs: FilePath, to ours: FilePath) -> Bool {
        do throws(FileError) {
            let donor = try Directory(theirs)
            let recipient = try Directory(ours)
            // From before the listing is read: what changes meanwhile gets a newer time there, and not here.
            let time = try donor.status().mtime
            guard try donor.hasSameEntries(as: recipient) else { return false }
            try setModificationTime(of: ours, to: time)
            return true
        } catch {
            return false
        }
    }
}
