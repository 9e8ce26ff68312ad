import Dispatch
import FileTree
import SystemPackage

/// What stands in a directory tree, down to the bytes of every file, to prove that somebody left it alone.
///
/// The number of hard links and the ctime are not part of it: both change when another worktree links to a file, and
/// that is no change of the tree.
public struct TreeSnapshot: Sendable {
    /// One file, directory or symlink. What is neither a file nor a symlink has no content.
    public struct Entry: Hashable, Sendable {
        /// Regular file, directory, symlink or other.
        public let kind: FileKind
        /// Inode number.
        public let inode: UInt64
        /// Length in bytes.
        public let size: Int64
        /// Type and permission bits.
        public let mode: UInt32
        /// To the nanosecond.
        public let mtime: FileTime
        /// A symlink's text.
        public let link: FilePath?
        /// A regular file's checksum.
        public let content: ContentHash?
    }

    /// By path relative to the root; the root itself is the empty path.
    public private(set) var entries: [FilePath: Entry]

    /// Takes in everything at and below `root`, except the relative paths in `excluding` and all below them.
    /// Throws `FileError` when something cannot be read or vanishes meanwhile.
    public init(_ root: FilePath, excluding: Set<FilePath> = []) throws(FileError) {
        var walk = Walk(root: root, excluding: excluding)
        try walk.add(FileStatus(root), at: "")
        try walk.addContents(of: Directory(root), at: "")
        entries = walk.entries
        for (path, content) in zip(walk.files, try checksums(of: walk.files.map { root.pushing($0) })) {
            entries[path] = entries[path]?.with(content)
        }
    }

    /// One line for each thing that is different now: `path: what changed, old and new`. Empty when nothing is.
    /// `self` is the later snapshot.
    public func differences(from earlier: TreeSnapshot) -> [String] {
        let paths = Set(entries.keys).union(earlier.entries.keys)
        return paths.sorted { $0.string < $1.string }.compactMap { path in
            let name = path.isEmpty ? "." : path.string
            switch (earlier.entries[path], entries[path]) {
            case (let old?, let new?): return old == new ? nil : "\(name): " + new.changes(from: old)
            case (nil, _?): return "\(name): appeared"
            case (_?, nil): return "\(name): vanished"
            case (nil, nil): return nil
            }
        }
    }
}

extension TreeSnapshot.Entry {
    fileprivate init(_ status: FileStatus, link: FilePath?, content: ContentHash? = nil) {
        self.init(
            kind: status.kind, inode: status.inode, size: status.size, mode: status.mode, mtime: status.mtime,
            link: link, content: content)
    }

    fileprivate func with(_ content: ContentHash) -> Self {
        Self(kind: kind, inode: inode, size: size, mode: mode, mtime: mtime, link: link, content: content)
    }

    fileprivate func changes(from old: Self) -> String {
        var found: [String] = []
        if kind != old.kind { found.append("kind \(old.kind) to \(kind)") }
        if inode != old.inode { found.append("inode \(old.inode) to \(inode)") }
        if size != old.size { found.append("size \(old.size) to \(size)") }
        if mode != old.mode { found.append("mode \(String(old.mode, radix: 8)) to \(String(mode, radix: 8))") }
        if mtime != old.mtime {
            found.append(
                "mtime \(old.mtime.seconds) s \(old.mtime.nanoseconds) ns to "
                    + "\(mtime.seconds) s \(mtime.nanoseconds) ns")
        }
        if link != old.link { found.append("link \(old.link?.string ?? "none") to \(link?.string ?? "none")") }
        if content != old.content { found.append("content") }
        return found.joined(separator: ", ")
    }
}

private struct Walk {
    let root: FilePath
    let excluding: Set<FilePath>
    var entries: [FilePath: TreeSnapshot.Entry] = [:]
    var files: [FilePath] = []

    init(root: FilePath, excluding: Set<FilePath>) {
        self.root = root
        self.excluding = excluding
    }

    mutating func add(_ status: FileStatus, at path: FilePath, link: FilePath? = nil) {
        entries[path] = TreeSnapshot.Entry(status, link: link)
        if status.kind == .file { files.append(path) }
    }

    mutating func addContents(of directory: borrowing Directory, at path: FilePath) throws(FileError) {
        try directory.forEachEntry { name, kind throws(FileError) in
            let child = path.appending(FilePath.Component(platformString: name)!)
            if excluding.contains(child) { return }
            let link = kind == .symlink ? FilePath(platformString: try directory.symlinkTarget(name)) : nil
            add(try directory.status(of: name), at: child, link: link)
            if kind == .directory { try addContents(of: directory.child(name), at: child) }
        }
    }
}

/// Two workers take turns, since reading and computing both take time.
private func checksums(of files: [FilePath]) throws(FileError) -> [ContentHash] {
    var results = [Result<ContentHash, FileError>?](repeating: nil, count: files.count)
    results.withUnsafeMutableBufferPointer { buffer in
        // Each index is written by one worker only.
        nonisolated(unsafe) let buffer = buffer
        DispatchQueue.concurrentPerform(iterations: 2) { worker in
            for index in stride(from: worker, to: files.count, by: 2) {
                do throws(FileError) {
                    buffer[index] = .success(ContentHash(try readFile(files[index])))
                } catch {
                    buffer[index] = .failure(error)
                }
            }
        }
    }
    var hashes: [ContentHash] = []
    for case let result? in results { hashes.append(try result.get()) }
    return hashes
}
