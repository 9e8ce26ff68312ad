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
