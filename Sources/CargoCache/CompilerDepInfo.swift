/// The dep-info that rustc writes, `<crate>-<hash>.d`, in make's syntax: unlike `EncodedDepInfo` it has paths as the
/// compiler saw them, relative to the workspace root for path packages inside it and absolute for all others
/// (cargo's `path_args`, `util/workspace.rs`), and the environment variables that `env!` read.
public struct CompilerDepInfo: Equatable, Sendable {
    /// Source files in rustc's order, the crate root first; where clippy has a configuration, that one before it.
    public var sources: [[UInt8]] = []
    /// The crate root.
    public var crateRoot: [UInt8]? { sources.first { !Self.isClippysConfiguration($0) } }
    /// What was written, as absolute paths: they tell where the build directory was when this was compiled, whoever
    /// has taken the file from there since.
    public var outputs: [[UInt8]] = []
    /// `# env-dep:` lines that have a value.
    public var environment: [EncodedDepInfo.Variable] = []

    /// Reads a `.d` file. Every source stands on a line of its own too, followed by a colon and nothing else: those
    /// lines are read, since in them only a space is escaped.
    public init(_ bytes: [UInt8]) {
        let marker = Array("# env-dep:".utf8)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if line.starts(with: marker) {
                let text = Self.unescaped(line.dropFirst(marker.count))
                guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { continue }
                environment.append(.init(name: Array(text[..<equals]), value: Array(text[(equals + 1)...])))
            } else if line.first == UInt8(ascii: "#") {
                continue
            } else if line.last == UInt8(ascii: ":") {
                sources.append(Self.unescaped(line.dropLast()))
            } else if let colon = Self.targetsEnd(in: line) {
                outputs.append(Self.unescaped(line[..<colon]))
            }
        }
    }

    /// The build directory in which this was compiled. `path` is where the dep-info lies below the build directory; nil
    /// when no output ends with it.
    public func buildDirectory(ofDepInfoAt path: [UInt8]) -> [UInt8]? {
        outputs.lazy.compactMap { $0.dropping(suffix: [UInt8(ascii: "/")] + path) }.first
    }

    /// The names under which clippy looks for one (`lookup_conf_file`, clippy_config).
    public static let clippyConfigurations = ["clippy.toml", ".clippy.toml"]

    private static func isClippysConfiguration(_ source: [UInt8]) -> Bool {
        let name = source.last == UInt8(ascii: "l") ? source.split(separator: UInt8(ascii: "/")).last : nil
        return name.map { name in clippyConfigurations.contains { name.elementsEqual($0.utf8) } } ?? false
    }

    /// Where the first `: ` of a rule stands.
    private static func targetsEnd(in line: ArraySlice<UInt8>) -> Int? {
        var rest = line
        while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            rest = rest[(colon + 1)...]
            if rest.first == UInt8(ascii: " ") { return colon }
        }
        return nil
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        guard text.contains(UInt8(ascii: "\\")) else { return Array(text) }
        var result: [UInt8] = []
        var escaped = false
        for byte in text {
            if byte == UInt8(ascii: "\\"), !escaped {
                escaped = true
                continue
            }
            // Only `\ ` and `\\` are escapes here; any other backslash stands for itself.
            if escaped, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\\") { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
            escaped = false
        }
        if escaped { result.append(UInt8(ascii: "\\")) }
        return result
    }
}

extension [UInt8] {
    /// What stands before `suffix`; nil when this does not end with it, or nothing stands before it.
    public func dropping(suffix: [UInt8]) -> [UInt8]? {
        guard count > suffix.count, self[(count - suffix.count)...].elementsEqual(suffix) else { return nil }
        return Array(dropLast(suffix.count))
    }
}
