/// Just enough JSON to walk through what cargo writes: keys are plain, values are skipped as text.
struct JSONScanner {
    private let bytes: [UInt8]
    private var reader: ByteReader

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        reader = ByteReader(bytes)
    }

    /// Calls `member` at each value of an object; false when it is none, or when `member` says so.
    mutating func object(_ member: (String, inout JSONScanner) -> Bool) -> Bool {
        sequence(from: UInt8(ascii: "{"), to: UInt8(ascii: "}")) { scanner in
            guard let key = scanner.skipValue(), key.count >= 2 else { return false }
            scanner.skipSpace()
            guard scanner.reader.skip(UInt8(ascii: ":")) else { return false }
            return member(String(decoding: key.dropFirst().dropLast(), as: UTF8.self), &scanner)
        }
    }

    /// Calls `element` at each element of an array; false when it is none, or when `element` says so.
    mutating func array(_ element: (inout JSONScanner) -> Bool) -> Bool {
        sequence(from: UInt8(ascii: "["), to: UInt8(ascii: "]"), element)
    }

    private mutating func sequence(
        from start: UInt8, to end: UInt8, _ element: (inout JSONScanner) -> Bool
    ) -> Bool {
        skipSpace()
        guard reader.skip(start) else { return false }
        skipSpace()
        if reader.skip(end) { return true }
        while true {
            guard element(&self) else { return false }
            skipSpace()
            if reader.skip(end) { return true }
            guard reader.skip(UInt8(ascii: ",")) else { return false }
            skipSpace()
        }
    }

    /// Passes over any value and returns its text; nil when it is cut off.
    mutating func skipValue() -> ArraySlice<UInt8>? {
        skipSpace()
        let start = reader.position
        switch reader.peek {
        case UInt8(ascii: "{"), UInt8(ascii: "["): guard skipNested() else { return nil }
        case UInt8(ascii: "\""): guard skipString() else { return nil }
        default: reader.skip { !Self.endsPlainValue($0) }
        }
        return reader.position > start ? bytes[start..<reader.position] : nil
    }

    private static func endsPlainValue(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): true
        default: isSpace(byte)
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }

    private mutating func skipNested() -> Bool {
        var depth = 0
        while let byte = reader.peek {
            switch byte {
            case UInt8(ascii: "\""):
                guard skipString() else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            _ = reader.byte()
            if depth == 0 { return true }
        }
        return false
    }

    private mutating func skipString() -> Bool {
        guard reader.skip(UInt8(ascii: "\"")) else { return false }
        while let byte = reader.byte() {
            if byte == UInt8(ascii: "\\") {
                guard reader.byte() != nil else { return false }
            } else if byte == UInt8(ascii: "\"") {
                return true
            }
        }
        return false
    }

    private mutating func skipSpace() {
        reader.skip(while: Self.isSpace)
    }
}
