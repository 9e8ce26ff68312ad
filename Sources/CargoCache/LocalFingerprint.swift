import FoundationEssentials

/// One element of `local` in `<stem>.json`: what cargo looks at in the package itself to decide whether a unit is
/// fresh (`LocalFingerprint`, `core/compiler/fingerprint/mod.rs`, cargo 1.95 and 1.100).
public enum LocalFingerprint: Equatable, Sendable {
    /// The files of `dep-<stem>`: every compiled unit has this.
    case depInfo(path: String, usesChecksums: Bool)
    /// A build script has named files: none may be newer than `output`. Both are as cargo wrote them: `output` relative
    /// to the build directory, `paths` relative to the package's root, or absolute.
    case filesUnchanged(output: String, paths: [String])
    /// A build script has named an environment variable, which had this value; nil means that it was not set.
    case variableUnchanged(name: String, value: String?)
    /// A text that has to come out the same: the newest file of a path package with its mtime, the version of a registry
    /// package, or a build script's output that configuration has replaced.
    case precalculated(String)

    /// Reads `local` out of the JSON text of a fingerprint; nil when the text is not whole, or has an element of a kind
    /// that is not known, so that nothing can be said about the unit.
    public static func list(ofRecord json: [UInt8]) -> [LocalFingerprint]? {
        var scanner = JSONScanner(json)
        var text: ArraySlice<UInt8>?
        let whole = scanner.object { key, scanner in
            guard let value = scanner.skipValue() else { return false }
            if key == "local" { text = value }
            return true
        }
        guard whole, let text else { return nil }
        return try? JSONDecoder().decode([LocalFingerprint].self, from: Data(text))
    }
}

extension LocalFingerprint: Decodable {
    private enum Kind: String, CodingKey {
        case depInfo = "CheckDepInfo"
        case filesUnchanged = "RerunIfChanged"
        case variableUnchanged = "RerunIfEnvChanged"
        case precalculated = "Precalculated"
    }

    private struct DepInfo: Decodable {
        let dep_info: String
        /// Cargo 1.81 to 1.99.
        let checksum: Bool?
        /// Later versions: the method, of which mtimes are one.
        let fingerprint: String?
    }

    private struct Files: Decodable {
        let output: String
        let paths: [String]
    }

    private struct Variable: Decodable {
        let `var`: String
        let val: String?
    }

    /// Decodes an object with one key, the kind.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Kind.self)
        guard container.allKeys.count == 1, let kind = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: container.codingPath, debugDescription: "not one kind that is known"))
        }
        switch kind {
        case .depInfo:
            let value = try container.decode(DepInfo.self, forKey: kind)
            let isByTime = value.fingerprint.map { $0.lowercased() == "mtime" } ?? true
            self = .depInfo(path: value.dep_info, usesChecksums: value.checksum == true || !isByTime)
        case .filesUnchanged:
            let value = try container.decode(Files.self, forKey: kind)
            self = .filesUnchanged(output: value.output, paths: value.paths)
        case .variableUnchanged:
            let value = try container.decode(Variable.self, forKey: kind)
            self = .variableUnchanged(name: value.var, value: value.val)
        case .precalculated:
            self = .precalculated(try container.decode(String.self, forKey: kind))
        }
    }
}
