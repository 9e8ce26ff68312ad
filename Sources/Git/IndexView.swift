import FileTree

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// An index in memory for a walk that looks at every entry: no bounds are checked and nothing is copied. Valid inside
/// `IndexFile.withView` only, on any thread.
struct IndexView: @unchecked Sendable {
    let count: Int
    /// These four are nil at most in an index without entries.
    private let bytes: UnsafeRawPointer!
    private let offsets: UnsafePointer<Int>!
    private let paths: UnsafePointer<UInt8>!
    private let starts: UnsafePointer<Int>!
    private let pathsEnd: Int
    private let indexTime: UInt32

    fileprivate init(
        _ index: IndexFile, bytes: UnsafeRawBufferPointer, offsets: UnsafeBufferPointer<Int>,
        paths: UnsafeBufferPointer<UInt8>, starts: UnsafeBufferPointer<Int>
    ) {
        count = index.count
        self.bytes = bytes.baseAddress
        self.offsets = offsets.baseAddress
        self.paths = paths.baseAddress
        self.starts = starts.baseAddress
        pathsEnd = paths.count
        indexTime = UInt32(truncatingIfNeeded: index.mtime.seconds)
    }

    /// The path, ended by a NUL.
    func path(_ position: Int) -> UnsafePointer<UInt8> { paths + starts[position] }

    /// Its length.
    func length(_ position: Int) -> Int {
        (position + 1 < count ? starts[position + 1] : pathsEnd) - starts[position] - 1
    }

    func mode(_ position: Int) -> UInt32 { word(position, 6) }

    func id(_ position: Int) -> ObjectID { ObjectID(at: bytes + offsets[position] + 40, count: 20) }

    /// Whether paths stand in git's order, which is that of their bytes, and none twice.
    var isSorted: Bool {
        for position in 1..<max(count, 1) {
            let (first, second) = (length(position - 1), length(position))
            let order = memcmp(path(position - 1), path(position), min(first, second))
            if order > 0 || order == 0 && first >= second { return false }
        }
        return true
    }

    /// The end of the entries from `start` on, at most up to `end`, that have the first `count` bytes of its path.
    func end(ofPrefix count: Int, from start: Int, upTo end: Int) -> Int {
        let prefix = path(start)
        func has(_ position: Int) -> Bool { length(position) >= count && memcmp(path(position), prefix, count) == 0 }
        // Steps that double, then halve: directories are small next to the whole, or nearly all of it.
        var (low, step) = (start, 1)
        while low + step < end, has(low + step) {
            low += step
            step *= 2
        }
        var high = min(low + step, end)
        while low + 1 < high {
            let middle = (low + high) / 2
            if has(middle) { low = middle } else { high = middle }
        }
        return high
    }

    /// What stat data tells of a file (ie_modified, read-cache.c).
    enum Comparison {
        case unchanged
        case modified
        /// The bytes have to be read.
        case doubtful
    }

    /// Compares an entry with the file in its place, which is a regular file or a symlink. Stricter than git as it is
    /// commonly built, which leaves nanoseconds out: an edit in the second of the last `git add` does not escape.
    func compare(_ position: Int, _ status: FileStatus) -> Comparison {
        guard FileMode(canonical: status.mode)?.rawValue == mode(position) else { return .modified }
        let size = word(position, 9)
        // Sizes beyond 32 bits are cut, in two ways over the years (munge_st_size).
        guard status.size <= Int64(UInt32.max) else { return .doubtful }
        guard size == UInt32(status.size) else {
            // 0 means that git knew of a change in the same second (ce_smudge_racily_clean_entry).
            return size == 0 ? .doubtful : .modified
        }
        let (mtime, ctime) = (status.mtime, status.ctime)
        let isSame =
            word(position, 2) == UInt32(truncatingIfNeeded: mtime.seconds)
            && word(position, 3) == UInt32(bitPattern: mtime.nanoseconds)
            && word(position, 0) == UInt32(truncatingIfNeeded: ctime.seconds)
            && word(position, 1) == UInt32(bitPattern: ctime.nanoseconds)
            && word(position, 5) == UInt32(truncatingIfNeeded: status.inode)
            && word(position, 7) == status.uid && word(position, 8) == status.gid
        let isRacy = word(position, 2) >= indexTime
        return isSame && !isRacy && (size != 0 || id(position) == .emptyBlob) ? .unchanged : .doubtful
    }

    private func word(_ position: Int, _ number: Int) -> UInt32 {
        UInt32(bigEndian: (bytes + offsets[position] + 4 * number).loadUnaligned(as: UInt32.self))
    }
}

extension ObjectID {
    /// The blob without bytes, in a sha1 repository.
    static let emptyBlob = ObjectID(hex: "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")!
}

extension IndexFile {
    /// Calls `body` with the entries. The index must be of a sha1 repository.
    func withView<Result, Failure: Error>(
        _ body: (IndexView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeBufferPointer { bytes throws(Failure) in
            try offsets.withUnsafeBufferPointer { offsets throws(Failure) in
                try paths.bytes.withUnsafeBufferPointer { names throws(Failure) in
                    try paths.starts.withUnsafeBufferPointer { starts throws(Failure) in
                        try body(
                            IndexView(
                                self, bytes: UnsafeRawBufferPointer(bytes), offsets: offsets, paths: names,
                                starts: starts))
                    }
                }
            }
        }
    }
}
