import SystemPackage

/// What a file in a build directory is, as far as it matters for who may share it.
public enum ArtifactKind: Sendable {
    /// `lib*.rlib`: replaced by unlink and rename.
    case rlib
    /// `lib*.rmeta`: replaced, but `cargo check` sets its mtime in place for path packages.
    case rmeta
    /// A shared library whose name has the unit's hash: a proc-macro, or a dylib of a registry package.
    case sharedLibrary
    /// The executable of a build script.
    case buildScriptExecutable
    /// Any other executable.
    case executable
    /// `*.d`, rustc's dep-info: rewritten in place.
    case compilerDepInfo
    /// An artifact without the hash in its name, which several variants of the unit overwrite in turn.
    case plainNamed
    /// What a build script printed: `output` or `stdout`.
    case buildScriptOutput
    /// `root-output`, the OUT_DIR that `output` was written for.
    case rootOutput
    /// What a build script printed to standard error, and other files beside its output.
    case buildScriptLog
    /// `invoked.timestamp`: cargo takes a time from it while the unit is built, and never looks at it again.
    case timestamp
    /// Below OUT_DIR: whatever the build script does to it.
    case outDirectory
    /// `output-<stem>`: diagnostics that cargo prints again.
    case diagnostics
    /// `dep-<stem>`, cargo's dep-info.
    case depInfo
    /// The rest of the fingerprint.
    case fingerprint
    /// Anything else, split debug information for example: rewritten in place.
    case other

    /// The kind of an output of rustc that lies beside others in one directory, from its name.
    init(output name: String, unitKind: UnitKind) {
        // As a string is split at its dots: a dot in front counts for nothing.
        let base = name.utf8.drop { $0 == UInt8(ascii: ".") }
        let dot = base.firstIndex(of: UInt8(ascii: "."))
        let rest = dot.map { name[name.utf8.index(after: $0)...] }
        switch rest?.isEmpty == false ? rest : nil {
        case "rlib": self = .rlib
        case "rmeta": self = .rmeta
        case "so", "dylib", "dll": self = .sharedLibrary
        case "d": self = .compilerDepInfo
        case nil, "exe": self = unitKind == .buildScript ? .buildScriptExecutable : .executable
        default: self = .other
        }
    }

    /// The kind of a file in a fingerprint directory; nil for the hash file itself.
    init?(fingerprintFile name: String, stem: String) {
        switch name {
        case stem: return nil
        case "dep-\(stem)": self = .depInfo
        case "output-\(stem)": self = .diagnostics
        case Self.timestampName: self = .timestamp
        default: self = .fingerprint
        }
    }

    /// The kind of a file in a build script run's own directory, OUT_DIR apart.
    init(runFile name: String) {
        switch name {
        case "output", "stdout": self = .buildScriptOutput
        case "root-output": self = .rootOutput
        case Self.timestampName: self = .timestamp
        default: self = .buildScriptLog
        }
    }

    private static let timestampName = "invoked.timestamp"
}
