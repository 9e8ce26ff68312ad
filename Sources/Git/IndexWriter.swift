import FileTree
import SystemPackage

/// Writes the index of a fresh worktree: version 2 with the cache tree, byte for byte what `git reset --hard` leaves
/// there. libgit2's own has no cache tree, and puts `st_rdev` where git puts the device.
public enum IndexWriter {
    /// Writes `tree` as the index file `path`, with the stat data in `statuses` (one for each entry, taken after its
    /// last change, times included; nil where git shall look for itself). Under git's protocol: the lock file
    /// `<path>.lock` is made exclusively and renamed. Throws `GitError`; `exists` when somebody holds the lock.
    ///
    /// git reads files again whose mtime is not older than the index in whole seconds. A caller that can, gives files
    /// older times first.
    public static func write(_ tree: TreeListing, statuses: [FileStatus?], to path: FilePath) throws(GitError) {
        precondition(statuses.count == tree.count, "one status for each entry")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tree.count * 72 + tree.paths.bytes.count + tree.folders.count * 64 + 64)
        bytes.append(contentsOf: "DIRC".utf8)
        bytes.append(bigEndian: 2)
        bytes.append(bigEndian: UInt32(tree.count))
        for position in tree.indices { append(tree, position, statuses[position], to: &bytes) }
        appendCacheTree(of: tree, to: &bytes)
        bytes.append(contentsOf: SHA1.sum(of: bytes))
        try replace(path, with: bytes)
    }

    private static func append(
        _ tree: TreeListing, _ position: Int, _ status: FileStatus?, to bytes: inout [UInt8]
    ) {
        let start = bytes.count
        if let status {
            for time in [status.ctime, status.mtime] {
                bytes.append(bigEndian: UInt32(truncatingIfNeeded: time.seconds))
                bytes.append(bigEndian: UInt32(truncatingIfNeeded: time.nanoseconds))
            }
            bytes.append(bigEndian: UInt32(truncatingIfNeeded: status.device))
            bytes.append(bigEndian: UInt32(truncatingIfNeeded: status.inode))
            bytes.append(bigEndian: tree.modes[position].rawValue)
            bytes.append(bigEndian: status.uid)
            bytes.append(bigEndian: status.gid)
            bytes.append(bigEndian: UInt32(truncatingIfNeeded: status.size))
        } else {
            for word in 0..<10 { bytes.append(bigEndian: word == 6 ? tree.modes[position].rawValue : 0) }
        }
        tree.ids[position].append(to: &bytes)
        let path = tree.paths.range(position)
        let length = UInt16(min(path.count, 0xfff))
        bytes.append(UInt8(length >> 8))
        bytes.append(UInt8(length & 255))
        bytes.append(contentsOf: tree.paths.bytes[path])
        let padding = 8 - (bytes.count - start) & 7
        for _ in 0..<padding { bytes.append(0) }
    }

    /// The extension `TREE`: every directory's tree object, which `git status` and `git commit` need not compute then.
    private static func appendCacheTree(of tree: TreeListing, to bytes: inout [UInt8]) {
        // An empty directory has no place in it, except for the root.
        guard tree.problem == nil else { return }
        bytes.append(contentsOf: "TREE".utf8)
        let sizeAt = bytes.count
        bytes.append(bigEndian: 0)
        appendCacheTree(of: tree, folder: 0, to: &bytes)
        let size = UInt32(bytes.count - sizeAt - 4)
        for (number, shift) in [24, 16, 8, 0].enumerated() {
            bytes[sizeAt + number] = UInt8(truncatingIfNeeded: size >> UInt32(shift))
        }
    }

    private static func appendCacheTree(of tree: TreeListing, folder: Int, to bytes: inout [UInt8]) {
        let this = tree.folders[folder]
        bytes.append(contentsOf: tree.name(ofFolder: folder))
        bytes.append(0)
        bytes.append(contentsOf: "\(this.entries.count) \(this.children.count)\n".utf8)
        this.id.append(to: &bytes)
        // Shorter names first (subtree_name_cmp, cache-tree.c).
        let names = this.children.map { (number: $0, name: tree.name(ofFolder: $0)) }
        let sorted = names.sorted { a, b in
            a.name.count != b.name.count ? a.name.count < b.name.count : a.name.lexicographicallyPrecedes(b.name)
        }
        for child in sorted { appendCacheTree(of: tree, folder: child.number, to: &bytes) }
    }

    private static func replace(_ path: FilePath, with bytes: [UInt8]) throws(GitError) {
        let lock = LockFile(for: path)
        try lock.write(bytes)
        try lock.commit()
    }
}

extension TreeListing {
    /// The last component of a directory's path; empty for the root.
    func name(ofFolder number: Int) -> ArraySlice<UInt8> {
        let folder = folders[number]
        guard let parent = folder.parent else { return [] }
        let start = paths.starts[folder.entries.lowerBound]
        return paths.bytes[(start + folders[parent].prefixLength)..<(start + folder.prefixLength - 1)]
    }
}

extension ObjectID {
    /// Appends the bytes without an array between.
    func append(to target: inout [UInt8]) {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { buffer in
            let words = buffer.bindMemory(to: UInt64.self)
            copyWords(to: words)
            target.append(contentsOf: buffer.prefix(Int(byteCount)))
        }
    }
}

extension Array<UInt8> {
    /// Appends four bytes, the high one first.
    mutating func append(bigEndian word: UInt32) {
        append(UInt8(truncatingIfNeeded: word >> 24))
        append(UInt8(truncatingIfNeeded: word >> 16))
        append(UInt8(truncatingIfNeeded: word >> 8))
        append(UInt8(truncatingIfNeeded: word))
    }
}
