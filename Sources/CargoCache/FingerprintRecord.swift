/// What wt reads of `<stem>.json`, cargo's serialised `Fingerprint` (`core/compiler/fingerprint/mod.rs`): the hashes
/// of the fingerprints that this one depends on, the rustflags, and what tells generations of one target apart.
public struct FingerprintRecord: Equatable, Sendable {
    /// One hash for each dependency, equal to the number in the hash file of exactly one unit.
    public var dependencies: [UInt64] = []
    /// The JSON text of `rustflags`, in which a path can be looked for.
    public var rustflags: [UInt8] = []
    /// A hash of what `rustc -vV` prints: one for each compiler. Zero where the record has none.
    public var compiler: UInt64 = 0
    /// A hash of the crate root's path, which for a registry package contains the version. Zero for a build script's
    /// run.
    public var path: UInt64 = 0
    /// A hash of the target's name, kind and settings. Zero for a build script's run.
    public var target: UInt64 = 0

    /// Reads the record out of the JSON text; nil when it is not whole or has another shape.
    public init?(_ json: [UInt8]) {
        var scanner = JSONScanner(json)
        var sawDependencies = false
        let whole = scanner.object { key, scanner in
            switch key {
            case "deps":
                sawDependencies = true
                return scanner.array { scanner in
                    guard let hash = Self.dependencyHash(&scanner) else { return false }
                    dependencies.append(hash)
                    return true
                }
            case "rustflags":
                guard let text = scanner.skipValue() else { return false }
                rustflags = Array(text)
                return true
            case "rustc": return Self.number(&scanner) { compiler = $0 }
            case "path": return Self.number(&scanner) { path = $0 }
            case "target": return Self.number(&scanner) { target = $0 }
            default:
                return scanner.skipValue() != nil
            }
        }
        guard whole, sawDependencies else { return nil }
    }

    /// A dependency is `[package id, name, public, fingerprint hash]` (`impl Serialize for DepFingerprint`).
    private static func dependencyHash(_ scanner: inout JSONScanner) -> UInt64? {
        var position = 0
        var hash: UInt64?
        let whole = scanner.array { scanner in
            guard let text = scanner.skipValue() else { return false }
            if position == 3 { hash = Self.number(text) }
            position += 1
            return true
        }
        return whole && position == 4 ? hash : nil
    }

    private static func number(_ scanner: inout JSONScanner, _ body: (UInt64) -> Void) -> Bool {
        guard let text = scanner.skipValue() else { return false }
        if let number = number(text) { body(number) }
        return true
    }

    /// A u64 does not survive a detour through Double.
    private static func number(_ text: ArraySlice<UInt8>) -> UInt64? { UInt64(String(decoding: text, as: UTF8.self)) }
}

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
        default: reader.skip { !",]} \n\r\t".utf8.contains($0) }
        }
        return reader.position > start ? bytes[start..<reader.position] : nil
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
        reader.skip { $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
    }
}
