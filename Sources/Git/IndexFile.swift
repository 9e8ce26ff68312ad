import FileTree
import SystemPackage

/// An index file, versions 2 to 4, read whole (gitformat-index(5)). libgit2's reader checks the SHA-1 of the file and
/// builds a hash map, which takes ten times as long; git itself leaves the sum to `git fsck`.
public struct IndexFile: Sendable, RandomAccessCollection {
    /// When the file was written. An entry whose mtime is not older in whole seconds is racy.
    public let mtime: FileTime
    /// 2, 3 or 4.
    public let version: Int
    let paths: PathTable
    /// Whether an entry says more than "this file": a conflict, a submodule, a file that is assumed unchanged, left out,
    /// or added by intent only.
    let hasSpecialEntry: Bool
    /// Where the cache tree is in `bytes`; nil when there is none.
    let cacheTree: Range<Int>?
    /// The whole file.
    let bytes: [UInt8]
    /// Where each entry's fixed part starts.
    let offsets: [Int]
    private let idLength: Int
    /// The status of the file from before it was read, and what the kernel stamped changes with at that time.
    private let status: FileStatus
    private let readTime: FileTime

    /// 0.
    public var startIndex: Int { 0 }
    /// The number of entries.
    public var endIndex: Int { offsets.count }

    /// Reads the index at `path`; `idLength` is 32 in a sha256 repository. Throws `GitError`: `notFound`,
    /// `unsupported` for a split or sparse index, whose entries are elsewhere, and `other` for a malformed one.
    public init(reading path: FilePath, idLength: Int = 20) throws(GitError) {
        readTime = .now()
        let (bytes, status) = try files { () throws(FileError) in try readFileAndStatus(path) }
        self.status = status
        var parser = IndexParser(bytes: bytes, idLength: idLength)
        guard parser.parse() else { throw GitError(.other, "the index \(path) is malformed") }
        if let feature = parser.unsupported {
            throw GitError(.unsupported(feature: feature), "the index \(path) is a \(feature)")
        }
        mtime = status.mtime
        version = parser.version
        paths = parser.paths
        hasSpecialEntry = parser.hasSpecialEntry
        cacheTree = parser.cacheTree
        offsets = parser.offsets
        self.bytes = bytes
        self.idLength = idLength
    }

    /// Whether the file at `path` certainly is the one that was read, and says the same.
    func isCurrent(at path: FilePath) -> Bool {
        // Changed at the time at which it was read, it could have changed again without its times showing it.
        guard status.ctime < readTime, let now = FileStatus.ifPresent(path) else { return false }
        return now.device == status.device && now.inode == status.inode && now.size == status.size
            && now.mode == status.mode && now.mtime == status.mtime && now.ctime == status.ctime
    }

    /// The entry at `position`; decoded on demand.
    public subscript(position: Int) -> IndexEntry {
        let start = offsets[position]
        func word(_ number: Int) -> UInt32 { bytes.bigEndian(at: start + 4 * number) }
        let flags = bytes.bigEndian16(at: start + 40 + idLength)
        let extended = flags & 0x4000 != 0 ? bytes.bigEndian16(at: start + 42 + idLength) : 0
        return IndexEntry(
            path: paths.path(position), id: id(position), mode: mode(position), stage: Int(flags >> 12 & 3),
            mtime: FileTime(seconds: Int64(word(2)), nanoseconds: Int32(truncatingIfNeeded: word(3))),
            ctime: FileTime(seconds: Int64(word(0)), nanoseconds: Int32(truncatingIfNeeded: word(1))),
            device: word(4), inode: word(5), uid: word(7), gid: word(8), size: word(9),
            isAssumedUnchanged: flags & 0x8000 != 0, isSkipped: extended & 0x4000 != 0,
            isIntentToAdd: extended & 0x2000 != 0)
    }

    func id(_ position: Int) -> ObjectID {
        bytes.withUnsafeBytes { ObjectID(at: $0.baseAddress! + offsets[position] + 40, count: idLength) }
    }

    func mode(_ position: Int) -> FileMode {
        // The parser took only modes that are one of these.
        FileMode(canonical: bytes.bigEndian(at: offsets[position] + 24)) ?? .file
    }

    /// The entries called `name`, in any directory.
    public func paths(ofEntriesNamed name: StaticString) -> [FilePath] { paths.paths(endingIn: name) }

    /// Whether the file may have changed after it was added without its stat data showing it, because the index was
    /// written in the same second (Documentation/technical/racy-git.txt). Whole seconds, as git is commonly built.
    public func isRacy(_ entry: IndexEntry) -> Bool { entry.mtime.seconds >= mtime.seconds }

    /// For each entry of `tree`, the position of the entry here with the same path, blob and mode; nil where there is
    /// none, or a conflict.
    public func positions(ofEqualEntriesIn tree: TreeListing) -> [Int?] {
        var mine = 0
        return tree.indices.map { theirs in
            while mine < count, paths.compare(mine, with: tree.paths, theirs) < 0 { mine += 1 }
            guard mine < count, paths.compare(mine, with: tree.paths, theirs) == 0 else { return nil }
            guard bytes.bigEndian16(at: offsets[mine] + 40 + idLength) >> 12 & 3 == 0 else { return nil }
            return id(mine) == tree.ids[theirs] && mode(mine) == tree.modes[theirs] ? mine : nil
        }
    }

    /// For each entry of `tree` whether the worktree of this index should have the same file, or something that came of
    /// it. What stands there is not looked at.
    public func holdsEntries(of tree: TreeListing) -> [Bool] {
        positions(ofEqualEntriesIn: tree).map { position in
            guard let position else { return false }
            guard bytes.bigEndian16(at: offsets[position] + 40 + idLength) & 0x4000 != 0 else { return true }
            // Left out by a sparse checkout, or added by intent only.
            return bytes.bigEndian16(at: offsets[position] + 42 + idLength) & 0x6000 == 0
        }
    }
}

/// Reads the indexes of the worktrees of one repository, several at a time.
public struct IndexReader: Sendable {
    private let idLength: Int

    /// Prepares it.
    public init(_ repository: borrowing Repository) {
        let format = repository.configuration.string(forKey: "extensions.objectformat")
        idLength = format?.lowercased() == "sha256" ? 32 : 20
    }

    /// The index of a worktree. Throws as `IndexFile.init`; `notFound` where nothing was ever checked out.
    public func index(of worktree: WorktreeRecord) throws(GitError) -> IndexFile {
        try IndexFile(reading: worktree.indexFile, idLength: idLength)
    }
}

extension Repository {
    /// The index of a worktree. Throws as `IndexFile.init`; `notFound` where nothing was ever checked out.
    public func index(of worktree: WorktreeRecord) throws(GitError) -> IndexFile {
        try IndexReader(self).index(of: worktree)
    }
}
