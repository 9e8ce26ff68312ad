import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The names in one directory, read at once and found by name. Made for walks over thousands of directories: its memory
/// is used again for the next one, and no name is copied. `.`, `..` and `.git` are not among them.
public struct DirectoryEntries: ~Copyable {
    private var memory = wt_entries()
    /// Where each entry's record starts.
    private var records: [Int] = []
    /// A hash table: positions in `records`, and -1 where it is empty. Its size is a power of 2.
    private var slots: [Int32] = []
    /// How many entries nobody has taken yet.
    public private(set) var remaining = 0
    /// The kind of the entry `.git`; nil when there is none.
    public private(set) var gitKind: FileKind?

    /// Whether a read that left room was the last of a directory; saves one call for each.
    private let fills: Bool

    /// For `directory` and others of the same mount; nothing is read yet.
    public init(for directory: borrowing Directory) { fills = wt_fills_reads(directory.descriptor) }

    /// For another directory of that mount.
    public init(like other: borrowing DirectoryEntries) { fills = other.fills }

    deinit { free(memory.bytes) }

    /// Reads a directory that was just opened and nothing was read of, and forgets the one before. Throws `FileError`.
    public mutating func read(_ directory: borrowing Directory) throws(FileError) {
        let code = wt_read_entries(directory.descriptor, fills, &memory)
        guard code == 0 else { throw FileError("read", directory.path, Errno(rawValue: code)) }
        records.removeAll(keepingCapacity: true)
        gitKind = nil
        var start = 0
        while start < memory.size {
            let record = UnsafeRawPointer(memory.bytes + start)
            let name = record + nameOffset
            // Only names with a dot in front need a second look.
            if name.load(as: UInt8.self) != UInt8(ascii: ".") {
                records.append(start)
            } else if strcmp(memory.bytes + start + nameOffset, ".git") == 0 {
                gitKind = Self.kind(record.load(fromByteOffset: typeOffset, as: UInt8.self))
            } else if !Self.isDots(name) {
                records.append(start)
            }
            start += Int(record.loadUnaligned(fromByteOffset: lengthOffset, as: UInt16.self))
        }
        remaining = records.count
        fillTable()
    }

    /// The number of entries, taken ones included.
    public var count: Int { records.count }

    /// The position of the entry with this name; nil when there is none.
    public func position(of name: UnsafePointer<UInt8>, count: Int) -> Int? {
        let mask = slots.count - 1
        var slot = Self.hash(name, count) & mask
        while true {
            let position = slots[slot]
            if position < 0 { return nil }
            let found = self.name(Int(position))
            if strncmp(found, UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self), count) == 0,
                found[count] == 0
            {
                return Int(position)
            }
            slot = (slot + 1) & mask
        }
    }

    /// The kind of the entry with this name; nil when there is none, or it was taken.
    public func kind(of name: StaticString) -> FileKind? {
        position(of: name.utf8Start, count: name.utf8CodeUnitCount).flatMap { kind($0) }
    }

    /// The name at a position, valid until the next directory is read.
    public func name(_ position: Int) -> UnsafePointer<CChar> {
        UnsafePointer(memory.bytes + records[position] + nameOffset)
    }

    /// What the entry is; nil once it was taken.
    public func kind(_ position: Int) -> FileKind? {
        Self.kind(UInt8(bitPattern: memory.bytes[records[position] + typeOffset]))
    }

    /// Takes an entry, so that it no longer counts as remaining. To be called once for each.
    public mutating func take(_ position: Int) {
        memory.bytes[records[position] + typeOffset] = CChar(bitPattern: taken)
        remaining -= 1
    }

    private mutating func fillTable() {
        var size = 16
        while size < 2 * records.count { size *= 2 }
        // Tables stay as large as they have become once, but for a very large one that would be cleared each time.
        if slots.count < size || slots.count > 16 * size {
            slots = [Int32](repeating: -1, count: size)
        } else {
            slots.withUnsafeMutableBufferPointer { $0.update(repeating: -1) }
        }
        let mask = slots.count - 1
        for position in records.indices {
            let name = UnsafeRawPointer(memory.bytes + records[position] + nameOffset).assumingMemoryBound(
                to: UInt8.self)
            var slot = Self.hash(name, strlen(UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: position)
        }
    }

    /// FNV-1a.
    private static func hash(_ name: UnsafePointer<UInt8>, _ count: Int) -> Int {
        var sum: UInt64 = 0xcbf2_9ce4_8422_2325
        for position in 0..<count { sum = (sum ^ UInt64(name[position])) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: sum ^ sum >> 32)
    }

    private static func isDots(_ name: UnsafeRawPointer) -> Bool {
        let second = name.load(fromByteOffset: 1, as: UInt8.self)
        return second == 0 || second == UInt8(ascii: ".") && name.load(fromByteOffset: 2, as: UInt8.self) == 0
    }

    private static func kind(_ type: UInt8) -> FileKind? {
        switch Int(type) {
        case Int(DT_REG): .file
        case Int(DT_DIR): .directory
        case Int(DT_LNK): .symlink
        case Int(taken): nil
        default: .other
        }
    }
}

// Where an entry's record, as `wt_read_entries` leaves it, has its length, its kind and its name.
let lengthOffset = 16
let typeOffset = 18
let nameOffset = 19
/// No type of any system (dirent.h).
private let taken: UInt8 = 0xff
