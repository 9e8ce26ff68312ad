import FileTree
import SystemPackage
import TestSupport

/// What an attempt has left, but for what is another one each time: times that are simply now, inodes, random names.
struct FaultState: Hashable {
    private struct Entry: Hashable {
        let name: String
        let kind: FileKind
        let mode: UInt32
        let size: Int64
        let link: FilePath?
        let content: ContentHash?
        /// Whether it has the time, and whether it is the file, that stands at the same place in the main worktree.
        let hasDonorsTime: Bool
        let isDonors: Bool
        /// Whether it has the time that it had before.
        let hasOldTime: Bool
    }

    private let entries: Set<Entry>
    private let status: Int32

    init(
        _ now: TreeSnapshot, since start: TreeSnapshot, _ status: Int32, in scenario: FaultScenario, _ place: FaultPlace
    ) {
        self.status = status
        let worktree = scenario.worktreeName + "/"
        var entries: Set<Entry> = []
        for (name, entry) in now.entries {
            let donor = name.hasPrefix(worktree) ? now.entries["repository/" + name.dropFirst(worktree.count)] : nil
            let isVolatile = Self.isVolatile(name)
            let isFile = entry.kind == .file
            entries.insert(
                Entry(
                    name: Self.withoutNumbers(name), kind: entry.kind, mode: entry.mode,
                    size: isFile && !name.contains("/wt-making/") ? entry.size : 0, link: entry.link,
                    content: isVolatile ? nil : entry.content,
                    hasDonorsTime: isFile && entry.mtime == donor?.mtime,
                    isDonors: isFile && entry.inode == donor?.inode,
                    hasOldTime: isFile && !isVolatile && entry.mtime == start.entries[name]?.mtime))
        }
        self.entries = entries
    }

    /// Whether the next attempt would begin with something else than this one: a directory's time does not count.
    static func differs(_ now: TreeSnapshot, from start: TreeSnapshot) -> Bool {
        guard now.entries.count == start.entries.count else { return true }
        return now.entries.contains { name, entry in
            guard let old = start.entries[name] else { return true }
            if entry.kind == .directory { return old.kind != .directory || old.mode != entry.mode }
            return old != entry
        }
    }

    /// Files in which times and inodes are written down.
    private static func isVolatile(_ name: String) -> Bool {
        guard name.contains(".git/") else { return false }
        return name.hasSuffix("/index") || name.contains("/logs/") || name.contains("/wt-making/")
    }

    /// `wt-trash/4711-815` and `.wt-dedupe-4711` are as good as any other.
    private static func withoutNumbers(_ name: String) -> String {
        guard name.contains("wt-") else { return name }
        return name.replacing(/[0-9]{2,}/, with: "0")
    }
}
