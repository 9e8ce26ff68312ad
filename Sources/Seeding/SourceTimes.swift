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
        _ directories: some Sequence<FilePath>, from donor: FilePath, to recipient: FilePath
    ) -> Int {
        var count = 0
        for path in directories where !path.isEmpty {
            let theirs = donor.appending(path.components)
            let ours = recipient.appending(path.components)
            guard let status = FileStatus.ifPresent(theirs), status.kind == .directory,
                let listing = listing(theirs), listing == self.listing(ours)
            else { continue }
            if (try? setModificationTime(of: ours, to: status.mtime)) != nil { count += 1 }
        }
        return count
    }

    private struct Entry: Hashable {
        let name: FilePath.Component
        let kind: FileKind
    }

    private static func listing(_ path: FilePath) -> Set<Entry>? {
        guard let directory = try? Directory(path), let entries = try? directory.entries() else { return nil }
        return Set(entries.map { Entry(name: $0.name, kind: $0.kind) })
    }
}
