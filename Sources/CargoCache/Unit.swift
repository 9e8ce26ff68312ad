import FileTree
import SystemPackage

/// How cargo arranges intermediate artifacts in a profile directory. Told by its shape, never by cargo's version:
/// both can stand in one build directory.
public enum Layout: String, Sendable {
    /// `<profile>/{deps,.fingerprint,build,examples}`, the default up to cargo 1.99.
    case legacy
    /// `<profile>/build/<package>/<hash>/{fingerprint,out,run}`, the default from cargo 1.100 on.
    case unit
}

/// What cargo did in a unit.
public enum UnitKind: Sendable {
    /// A library was compiled or checked.
    case library
    /// A build script was compiled.
    case buildScript
    /// A build script was run.
    case buildScriptRun
    /// Anything that is an executable in the end: a binary, an example, a test, a bench.
    case executable

    /// The kind, from the stem of the fingerprint's files; nil for documentation and whatever cargo may add.
    public init?(stem: String) {
        if stem.hasPrefix("run-build-script-") {
            self = .buildScriptRun
        } else if stem.hasPrefix("build-script-") {
            self = .buildScript
        } else if stem.hasPrefix("lib-") {
            self = .library
        } else if ["bin-", "example-", "test-", "bench-"].contains(where: stem.hasPrefix) {
            self = .executable
        } else {
            return nil
        }
    }
}

/// One file of a unit.
public struct UnitFile: Sendable {
    /// The directory it is in, relative to the build directory.
    public let directory: FilePath
    /// Its name there.
    public let name: FilePath.Component
    /// What it is.
    public let kind: ArtifactKind
    /// File or symlink, or an empty directory below OUT_DIR (or something that no build makes).
    public let node: FileKind
    /// What is in it, where it was read after the hash file: with the same hash file after it was written elsewhere, it is
    /// of that unit and no other.
    var contents: FileContents?

    /// Its bytes and status, where it was read for another purpose already, and is regular.
    public var knownContents: FileContents? { node == .file ? contents : nil }

    /// Relative to the build directory.
    public var path: FilePath { directory.appending(name) }
}

/// What cargo compiles or runs once: one hash, one fingerprint. All paths are relative to the build directory.
public struct Unit: Sendable {
    /// The profile directory, for example `debug` or `x86_64-unknown-linux-gnu/release`.
    public let profile: FilePath
    /// The layout it was found in.
    public let layout: Layout
    /// The package's name, as the fingerprint directory has it.
    public let package: String
    /// The 16 hexadecimal digits that its files carry (`Metadata::unit_id`).
    public let hash: String
    /// The stem of its fingerprint's files, for example `lib-serde`.
    public let stem: String
    /// What cargo did in it.
    public let kind: UnitKind
    /// Where its fingerprint is kept.
    public let fingerprintDirectory: FilePath
    /// Its fingerprint's state; nil where cargo had not finished the unit when this was read.
    public let fingerprint: FingerprintState?
    /// The decoded `dep-<stem>`; nil where there is none, or none that can be read.
    public let depInfo: EncodedDepInfo?
    /// The mtime of `dep-<stem>`: when the compilation started.
    public let depInfoTime: FileTime?
    /// Artifacts, in no particular order, without the files of the fingerprint.
    public let artifacts: [UnitFile]
    /// The fingerprint's files except the hash file, which alone makes the unit complete.
    public let fingerprintFiles: [UnitFile]
    /// Whether the outputs have names without the hash: cdylib, dylib and staticlib of path packages.
    public let hasPlainNames: Bool

    /// Package and stem: how messages name the unit.
    public var name: String { "\(package) \(stem)" }
    /// Where a build script's run has its OUT_DIR, relative to the build directory.
    public var outDirectory: FilePath {
        let build = profile.appending("build")
        return switch layout {
        case .legacy: build.appending("\(package)-\(hash)").appending("out")
        case .unit: build.appending(package).appending(hash).appending("out")
        }
    }
    /// The hash file, relative to the build directory.
    public var hashFile: FilePath { fingerprintDirectory.appending(stem) }
}

/// The state of a finished unit, enough to see later whether cargo has touched it since: a rebuild first truncates
/// the hash file (cargo's `prepare_target`), and writes it again last.
public struct FingerprintState: Equatable, Sendable {
    /// The number in the hash file: little-endian hexadecimal.
    public let value: UInt64
    /// The hash file's text.
    public let text: [UInt8]
    /// The hash file's mtime.
    public let time: FileTime
    /// What it depends on, from the JSON beside it.
    public let record: FingerprintRecord

    fileprivate init(_ read: HashFile, _ record: FingerprintRecord) {
        self.value = read.value
        self.text = read.text
        self.time = read.time
        self.record = record
    }

    /// Whether the hash file at `path` still has the same text and mtime.
    public func isCurrent(at path: FilePath) -> Bool {
        guard let now = (try? FileContents(path)).flatMap(HashFile.init) else { return false }
        return now.text == text && now.time == time
    }
}

/// What was read of a unit's fingerprint, the hash file first.
struct FingerprintContents {
    let state: FingerprintState?
    let json: FileContents?
    let depInfo: FileContents?

    /// `directory`: the fingerprint's.
    init(_ stem: String, in directory: borrowing Directory) {
        let hashFile = Self.read(stem, in: directory).flatMap(HashFile.init)
        let json = Self.read("\(stem).json", in: directory)
        depInfo = Self.read("dep-\(stem)", in: directory)
        self.json = json
        state = hashFile.flatMap { file in
            json.flatMap { FingerprintRecord($0.bytes) }.map { FingerprintState(file, $0) }
        }
    }

    private static func read(_ name: String, in directory: borrowing Directory) -> FileContents? {
        name.withCString { try? FileContents($0, in: directory) }
    }
}

/// A hash file's contents: 16 hexadecimal digits, the bytes of a u64 in memory order (`util::to_hex`).
fileprivate struct HashFile {
    let value: UInt64
    let text: [UInt8]
    let time: FileTime

    init?(_ file: FileContents) {
        guard file.bytes.count == 16, let number = UInt64(String(decoding: file.bytes, as: UTF8.self), radix: 16) else {
            return nil
        }
        value = number.byteSwapped
        text = file.bytes
        time = file.status.mtime
    }
}
