#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Finds the entries in the bytes of an index file. Trusts nothing in it: every offset is checked.
struct IndexParser {
    let bytes: [UInt8]
    let idLength: Int
    private(set) var version = 0
    private(set) var paths = PathTable()
    private(set) var offsets: [Int] = []
    /// A feature without which the entries are not the whole truth.
    private(set) var unsupported: String?
    /// Whether an entry says more than "this file": a conflict, a submodule, a file that is assumed unchanged, left out,
    /// or added by intent only.
    private(set) var hasSpecialEntry = false
    /// The bytes of the cache tree, where there is one.
    private(set) var cacheTree: Range<Int>?
    /// Entries without a name stand for those of the shared part of a split index.
    private var hasNamelessEntry = false

    init(bytes: [UInt8], idLength: Int) {
        self.bytes = bytes
        self.idLength = idLength
    }

    /// Where entries and extensions end: a sum of the whole file follows.
    private var end: Int { bytes.count - idLength }

    /// Returns whether the file is well formed.
    mutating func parse() -> Bool {
        guard end >= 12, bytes.starts(with: "DIRC".utf8) else { return false }
        version = Int(bytes.bigEndian(at: 4))
        guard (2...4).contains(version) else { return false }
        let count = Int(bytes.bigEndian(at: 8))
        guard count <= end / (idLength + 44) else { return false }
        offsets.reserveCapacity(count)
        // Paths are most of what comes behind the fixed parts, but in version 4, which leaves out what repeats.
        paths.reserveCapacity(paths: count, bytes: max(0, end - count * (41 + idLength)))
        var position = 12
        let isParsed = bytes.withUnsafeBytes { memory in
            for _ in 0..<count {
                guard let next = parseEntry(at: position, memory) else { return false }
                position = next
            }
            return true
        }
        return isParsed && parseExtensions(from: position)
    }

    /// Returns where the next entry starts. `memory` is `bytes`: there can be many entries.
    private mutating func parseEntry(at start: Int, _ memory: UnsafeRawBufferPointer) -> Int? {
        var name = start + 42 + idLength
        guard name <= end else { return nil }
        let mode = UInt32(bigEndian: memory.loadUnaligned(fromByteOffset: start + 24, as: UInt32.self))
        if mode == 0o040000 { unsupported = "sparse index" }
        guard FileMode(canonical: mode) != nil || mode == 0o040000 else { return nil }
        let flags = UInt16(bigEndian: memory.loadUnaligned(fromByteOffset: start + 40 + idLength, as: UInt16.self))
        if flags & 0xf000 != 0 || mode & 0o170000 == 0o160000 { hasSpecialEntry = true }
        if flags & 0x4000 != 0 {
            guard version > 2 else { return nil }
            name += 2
        }
        var kept = 0
        if version == 4 {
            let previous = offsets.isEmpty ? 0 : paths.range(offsets.count - 1).count
            guard let (strip, next) = variableWidth(at: name), strip <= previous else { return nil }
            kept = previous - strip
            name = next
        }
        guard name < end, let found = memchr(memory.baseAddress! + name, 0, end - name) else { return nil }
        let nul = UnsafeRawPointer(found) - memory.baseAddress!
        let length = kept + nul - name
        if length == 0 { hasNamelessEntry = true }
        // git goes by the length in the flags, which is cut at 12 bits, and would read something else.
        guard Int(flags & 0xfff) == min(length, 0xfff) else { return nil }
        offsets.append(start)
        paths.append(keeping: kept, UnsafeRawBufferPointer(rebasing: memory[name..<nul]))
        // Up to version 3 entries are filled up with 1 to 8 NULs to a multiple of 8.
        return version == 4 ? nul + 1 : start + (nul - start + 8) & ~7
    }

    /// The number in front of a path in version 4 (decode_varint, varint.c).
    private func variableWidth(at start: Int) -> (value: Int, next: Int)? {
        var position = start
        guard position < end else { return nil }
        var value = Int(bytes[position] & 127)
        while bytes[position] & 128 != 0 {
            position += 1
            guard position < end, value < 1 << 40 else { return nil }
            value = (value + 1) << 7 | Int(bytes[position] & 127)
        }
        return (value, position + 1)
    }

    /// An extension whose name starts with a small letter may not be passed over.
    private mutating func parseExtensions(from start: Int) -> Bool {
        var position = start
        while position + 8 <= end {
            let name = bytes[position..<(position + 4)].text
            switch name {
            case "link": unsupported = "split index"
            case "sdir": unsupported = "sparse index"
            case "TREE":
                let size = Int(bytes.bigEndian(at: position + 4))
                if size <= end - position - 8 { cacheTree = (position + 8)..<(position + 8 + size) }
            default: if !("A"..."Z").contains(name.prefix(1)) { unsupported = "index with the extension \(name)" }
            }
            position += 8 + Int(bytes.bigEndian(at: position + 4))
        }
        return position == end && (unsupported != nil || !hasNamelessEntry)
    }
}

extension Array<UInt8> {
    /// The 32-bit number at `position`, high byte first.
    func bigEndian(at position: Int) -> UInt32 {
        withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt32.self)) }
    }

    /// The 16-bit number at `position`, high byte first.
    func bigEndian16(at position: Int) -> UInt16 {
        withUnsafeBytes { UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt16.self)) }
    }
}
