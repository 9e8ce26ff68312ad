import FileTree

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Counts the paths whose index entry differs from a tree, as `git diff --cached` without renames. Directories that the
/// cache tree proves equal are not looked into.
struct StagedCount {
    private(set) var added = 0
    private(set) var deleted = 0
    private(set) var changed = 0
    private let index: IndexView
    private let cache: CacheTree?
    private let objects: ObjectReader

    /// Compares the index with the tree `id`. Throws `Unproven` when a tree cannot be read or holds a submodule.
    init(of index: IndexView, _ cache: CacheTree?, against id: ObjectID, _ objects: ObjectReader) throws(Unproven) {
        self.index = index
        self.cache = cache
        self.objects = objects
        try compare(id, 0..<index.count, prefix: 0, node: cache == nil ? nil : 0)
    }

    /// All paths.
    var total: Int { added + deleted + changed }

    /// Whether git may pair an added path with a deleted one, and count both as one renamed path (diffcore-rename.c).
    var mayHaveRenames: Bool { added > 0 && deleted > 0 }

    private mutating func compare(
        _ tree: ObjectID, _ range: Range<Int>, prefix: Int, node: Int?
    ) throws(Unproven) {
        guard prefix < StatusWalk.longestPath else { throw Unproven("a path is longer than git can look at") }
        if let node, let cache, cache.nodes[node].id == tree, cache.nodes[node].entryCount == range.count { return }
        guard let bytes = objects.tree(tree) else { throw Unproven("the tree \(tree) cannot be read") }
        var entries = TreeEntries(bytes)
        var position = range.lowerBound
        while let entry = try entries.next() {
            // Entries of the index that come first are not in the tree.
            var order = 1
            while position < range.upperBound {
                order = compare(position, prefix, with: entry, entries)
                guard order < 0 else { break }
                added += 1
                position += 1
            }
            let isThere = position < range.upperBound && order == 0
            if entry.isDirectory {
                let end =
                    isThere
                    ? index.end(ofPrefix: prefix + entry.name.count + 1, from: position, upTo: range.upperBound)
                    : position
                let child = node.flatMap { node in
                    entries.withName(of: entry) { cache?.child(of: node, $0) }
                }
                try compare(
                    entry.id, position..<end, prefix: prefix + entry.name.count + 1, node: isThere ? child : nil)
                position = end
            } else if isThere {
                if index.id(position) != entry.id || index.mode(position) != entry.mode { changed += 1 }
                position += 1
            } else {
                deleted += 1
            }
        }
        added += range.upperBound - position
    }

    /// The order of an index entry's name in this directory, and a tree's entry: less than 0, 0 or more. A directory
    /// counts with a slash behind, in both.
    private func compare(_ position: Int, _ prefix: Int, with entry: TreeEntries.Entry, _ entries: TreeEntries) -> Int {
        let name = index.path(position) + prefix
        return entries.withName(of: entry) { wanted in
            let order = strncmp(
                UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self),
                wanted.baseAddress!.assumingMemoryBound(to: CChar.self), wanted.count)
            if order != 0 { return Int(order) }
            return Int(name[wanted.count]) - (entry.isDirectory ? Int(UInt8(ascii: "/")) : 0)
        }
    }
}

/// Reads the entries in the bytes of a tree object (tree-walk.c, decode_tree_entry).
struct TreeEntries {
    struct Entry {
        /// Where the name is.
        let name: Range<Int>
        /// As git makes it of whatever stands there; not meant for a directory.
        let mode: UInt32
        let isDirectory: Bool
        let id: ObjectID
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next entry. Throws `Unproven` for a submodule and for anything malformed.
    mutating func next() throws(Unproven) -> Entry? {
        guard position < bytes.count else { return nil }
        guard let space = bytes[position...].firstIndex(of: 0x20),
            let nul = bytes[space...].firstIndex(of: 0), nul > space + 1, nul + 21 <= bytes.count,
            let mode = UInt32(bytes[position..<space].text, radix: 8)
        else { throw Unproven("a tree is malformed") }
        let id = bytes.withUnsafeBytes { ObjectID(at: $0.baseAddress! + nul + 1, count: 20) }
        position = nul + 21
        let isDirectory = mode & 0o170000 == 0o040000
        let canonical = FileMode(canonical: mode)
        guard isDirectory || canonical != nil, canonical != .submodule else {
            throw Unproven("HEAD has a submodule")
        }
        return Entry(
            name: (space + 1)..<nul, mode: canonical?.rawValue ?? 0, isDirectory: isDirectory, id: id)
    }

    func withName<Result>(of entry: Entry, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[entry.name])) }
    }
}
