import Dispatch
import FileTree
import Foundation
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

        /// The same with inode 0: what a tree and its copy have in common.
        public var withoutInode: Entry {
            Entry(kind: kind, inode: 0, size: size, mode: mode, mtime: mtime, link: link, content: content)
        }
    }

    /// By path relative to the root; the root itself is the empty string. A name that is no UTF-8 stands here as
    /// its bytes in hexadecimal. (`FilePath` would be the type for this; in a debug build it costs milliseconds a file.)
    public private(set) var entries: [String: Entry]

    /// Takes in everything at and below `root`, except the relative paths in `excluding` and all below them.
    /// Throws `FileError` when something cannot be read or vanishes meanwhile.
    public init(_ root: FilePath, excluding: Set<String> = []) throws(FileError) {
        var walk = Walk(excluding: excluding)
        walk.add(try FileStatus(root), at: "", path: root.bytes)
        try walk.addContents(of: Directory(root), at: "", path: root.bytes)
        entries = walk.entries
        for (file, content) in zip(walk.files, try checksums(of: walk.files.map(\.path))) {
            entries[file.name] = entries[file.name]?.with(content)
        }
    }

    /// One line for each thing that is different now: `path: what changed, old and new`. Empty when nothing is.
    /// `self` is the later snapshot.
    public func differences(from earlier: TreeSnapshot) -> [String] {
        Set(entries.keys).union(earlier.entries.keys).sorted().compactMap { path in
            let name = path.isEmpty ? "." : path
            switch (earlier.entries[path], entries[path]) {
            case (let old?, let new?): return old == new ? nil : "\(name): " + new.changes(from: old)
            case (nil, _?): return "\(name): appeared"
            case (_?, nil): return "\(name): vanished"
            case (nil, nil): return nil
            }
        }
    }
}

extension TreeSnapshot {
    /// Names that came or went, and files with other contents, modes or link texts; times and inodes do not count. For
    /// what is undone rather than never done: git itself rewrites its configuration file.
    public func leftovers(since earlier: TreeSnapshot) -> [String] {
        Set(entries.keys).union(earlier.entries.keys).sorted().compactMap { path in
            switch (earlier.entries[path], entries[path]) {
            case (nil, nil): nil
            case (_?, nil): "\(path): vanished"
            case (nil, _?): "\(path): appeared"
            case (let old?, let new?):
                old.kind == new.kind && old.mode == new.mode && old.link == new.link && old.content == new.content
                    ? nil : "\(path): changed"
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
    let excluding: Set<String>
    var entries: [String: TreeSnapshot.Entry] = [:]
    /// Regular files, with the paths that open them.
    var files: [(name: String, path: [CChar])] = []

    init(excluding: Set<String>) { self.excluding = excluding }

    mutating func add(_ status: FileStatus, at name: String, path: [CChar], link: FilePath? = nil) {
        entries[name] = TreeSnapshot.Entry(status, link: link)
        if status.kind == .file { files.append((name, path + [0])) }
    }

    /// `parent` and `path` name the same directory, for people and for open(2).
    mutating func addContents(of directory: borrowing Directory, at parent: String, path: [CChar]) throws(FileError) {
        try directory.forEachEntry { name, kind throws(FileError) in
            let bytes = UnsafeBufferPointer(start: name, count: strlen(name))
            let child = (parent.isEmpty ? "" : parent + "/") + readable(bytes)
            if excluding.contains(child) { return }
            let childPath = path + [CChar(UInt8(ascii: "/"))] + bytes
            let link = kind == .symlink ? FilePath(platformString: try directory.symlinkTarget(name)) : nil
            add(try directory.status(of: name), at: child, path: childPath, link: link)
            if kind == .directory { try addContents(of: directory.child(name), at: child, path: childPath) }
        }
    }
}

/// The name as text, two different names never as the same one: no valid name begins with slashes.
private func readable(_ name: UnsafeBufferPointer<CChar>) -> String {
    let bytes = name.map { UInt8(bitPattern: $0) }
    return String(validating: bytes, as: UTF8.self) ?? "//" + bytes.map { String($0, radix: 16) }.joined(separator: " ")
}

extension FilePath {
    fileprivate var bytes: [CChar] { withPlatformString { Array(UnsafeBufferPointer(start: $0, count: strlen($0))) } }
}

/// Two workers take turns, since reading and computing both take time. The paths end with a NUL.
private func checksums(of files: [[CChar]]) throws(FileError) -> [ContentHash] {
    var results = [Result<ContentHash, FileError>?](repeating: nil, count: files.count)
    results.withUnsafeMutableBufferPointer { buffer in
        // Each index is written by one worker only.
        nonisolated(unsafe) let buffer = buffer
        DispatchQueue.concurrentPerform(iterations: 2) { worker in
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
            defer { piece.deallocate() }
            for index in stride(from: worker, to: files.count, by: 2) {
                do throws(FileError) {
                    buffer[index] = .success(try ContentHash(contentsOf: files[index], through: piece))
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
