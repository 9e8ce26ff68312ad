import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The names and kinds of a directory's entries, as they were read at once.
private struct EntryTable: ~Copyable {
    private var memory = wt_entries()
    /// Where each entry's record starts, `.` and `..` left out.
    private(set) var records: [Int] = []

    /// Of a directory that was just opened and nothing was read of.
    init(of directory: borrowing Directory) throws(FileError) {
        let code = wt_read_entries(directory.descriptor, false, &memory)
        // All stored properties have a value: `deinit` frees the memory of an initializer that throws, too.
        guard code == 0 else { throw FileError("read", directory.path, Errno(rawValue: code)) }
        var start = 0
        while start < memory.size {
            if !isDots(memory.bytes + start + nameOffset) { records.append(start) }
            start += Int(
                UnsafeRawPointer(memory.bytes + start).loadUnaligned(fromByteOffset: lengthOffset, as: UInt16.self))
        }
    }

    deinit { free(memory.bytes) }

    func name(_ record: Int) -> UnsafePointer<CChar> { UnsafePointer(memory.bytes + record + nameOffset) }

    func isSame(_ record: Int, _ other: Int, in table: borrowing EntryTable) -> Bool {
        memory.bytes[record + typeOffset] == table.memory.bytes[other + typeOffset]
            && strcmp(name(record), table.name(other)) == 0
    }

    /// A file system gives the same names in another order in another directory.
    mutating func sort() {
        let bytes = memory.bytes
        records.sort { strcmp(bytes! + $0 + nameOffset, bytes! + $1 + nameOffset) < 0 }
    }

    func isSame(as other: borrowing EntryTable) -> Bool {
        for position in records.indices {
            guard isSame(records[position], other.records[position], in: other) else { return false }
        }
        return true
    }
}

private func isDots(_ name: UnsafePointer<CChar>) -> Bool {
    let dot = CChar(UInt8(ascii: "."))
    return name[0] == dot && (name[1] == 0 || name[1] == dot && name[2] == 0)
}

extension Directory {
    /// Whether both directories, which were just opened and nothing was read of, have entries of the same names and kinds;
    /// what is in those is not looked at. Throws `FileError` when one cannot be read.
    public func hasSameEntries(as other: borrowing Directory) throws(FileError) -> Bool {
        var mine = try EntryTable(of: self)
        var theirs = try EntryTable(of: other)
        guard mine.records.count == theirs.records.count else { return false }
        if mine.isSame(as: theirs) { return true }
        mine.sort()
        theirs.sort()
        return mine.isSame(as: theirs)
    }
}
