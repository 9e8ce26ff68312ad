/// The names and kinds of a directory's entries in one piece of memory.
private struct EntryTable {
    private var bytes: [UInt8] = []
    private var starts: [Int] = []

    init(of directory: borrowing Directory) throws(FileError) {
        var bytes: [UInt8] = []
        var starts: [Int] = []
        try directory.forEachEntry { name, kind in
            starts.append(bytes.count)
            let letter: UInt8 =
                switch kind {
                case .file: 0
                case .directory: 1
                case .symlink: 2
                case .other: 3
                }
            bytes.append(letter)
            var next = name
            while next.pointee != 0 {
                bytes.append(UInt8(bitPattern: next.pointee))
                next += 1
            }
        }
        (self.bytes, self.starts) = (bytes, starts)
    }

    /// A file system gives the same names in another order in another directory.
    var sorted: [ArraySlice<UInt8>] {
        let ends = starts.dropFirst() + [bytes.count]
        return zip(starts, ends).map { bytes[$0..<$1] }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    func isSame(as other: EntryTable) -> Bool {
        guard starts.count == other.starts.count, bytes.count == other.bytes.count else { return false }
        return starts == other.starts && bytes == other.bytes || sorted == other.sorted
    }
}

extension Directory {
    /// Whether both directories have entries of the same names and kinds; what is in those is not looked at. Throws
    /// `FileError` when one cannot be read.
    public func hasSameEntries(as other: borrowing Directory) throws(FileError) -> Bool {
        try EntryTable(of: self).isSame(as: EntryTable(of: other))
    }
}
