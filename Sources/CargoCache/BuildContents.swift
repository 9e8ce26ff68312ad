import FileTree
import SystemPackage

/// What stands in a build directory, told apart by who made it: what cargo and the tools around it make can be made
/// again, everything else is somebody's own.
public struct BuildContents: Sendable {
    /// The build directory.
    public let root: FilePath
    /// What builds have made, relative to `root`, in the order in which it has to go: a fingerprint before the artifacts
    /// that it vouches for.
    public private(set) var made: [FilePath] = []
    /// What nobody knows, relative to `root`; and directories of a known name with a repository in them, as tests can make
    /// in `tmp`.
    public private(set) var foreign: [FilePath] = []
    /// Profile directories, relative to `root`, those of nested build directories too. Cargo locks each.
    public private(set) var profiles: [FilePath] = []
    /// The directories around all that, innermost first and `root`, the empty path, last: to be removed when nothing is
    /// left in them but the tags.
    public private(set) var frames: [FilePath] = []
    /// Files that say what a directory of `frames` is, and go with it.
    public private(set) var tags: [FilePath] = []

    /// Reads the build directory at `root`, which is no symlink. Nil where nothing shows that cargo made it: neither the
    /// name nor a directory called `build` somewhere proves anything.
    public init?(of root: FilePath) {
        self.root = root
        guard FileStatus.ifPresent(root)?.kind == .directory, let opened = try? Directory(root),
            let entries = try? opened.entries()
        else { return nil }
        for entry in entries { sort(entry.name, entry.kind) }
        let hasTag = Self.isCargoTag(root.appending("CACHEDIR.TAG"))
        let isKnownToRustc = FileStatus.ifPresent(root.appending(".rustc_info.json"))?.kind == .file
        guard !profiles.isEmpty || hasTag || isKnownToRustc else { return nil }
        frames.append("")
    }

    /// Names that cargo and its tools use in the root of a build directory, for what they make anew when it is missing.
    /// Not among them: what criterion has measured, and packages that others make for distribution.
    private static let knownDirectories: Set = [
        "doc", "package", "tmp", "cargo-timings", "nextest", "doctestbins",
    ]
    /// `.rustc_info.json`: `Rustc::new`; `.rustdoc_fingerprint.json`: `RustDocFingerprint`;
    /// `.future-incompat-report.json`: `OnDiskReports`.
    private static let knownFiles: Set = [
        ".rustc_info.json", ".rustdoc_fingerprint.json", ".future-incompat-report.json",
    ]

    /// All of these, and the tag: no build script's work.
    public static let knownNames = knownDirectories.union(knownFiles).union(["CACHEDIR.TAG"])

    private static let removalPrefix = ".wt-removed-"

    /// A name in `root` for a directory on its way out. What an interrupted removal leaves there goes with the next one.
    public static func nameForRemoval() -> String { "\(removalPrefix)\(UInt64.random(in: 0 ... .max))" }

    private mutating func sort(_ name: FilePath.Component, _ kind: FileKind) {
        let path = FilePath(root: nil, [name])
        switch kind {
        case .file where name == "CACHEDIR.TAG" || Self.knownFiles.contains(name.string):
            tags.append(path)
        case .directory where Self.knownDirectories.contains(name.string) || Self.isFlycheck(name.string):
            if firstRepository(in: root.appending(name)) == nil { made.append(path) } else { foreign.append(path) }
        case .directory where name.string.hasPrefix(Self.removalPrefix):
            made.append(path)
        case .directory where BuildTree.isMadeProfile(root.appending(name)):
            add(ProfileContents(of: root.appending(name)), at: path)
        case .directory where FileStatus.ifPresent(root.appending(name).appending(".rustc_info.json")) != nil:
            sortNested(path)
        case .directory: sortTriple(path)
        default: foreign.append(path)
        }
    }

    /// Logs of rust-analyzer's checks, one directory for each workspace.
    private static func isFlycheck(_ name: String) -> Bool {
        name.hasPrefix("flycheck") && name.dropFirst("flycheck".count).allSatisfy(\.isNumber)
    }

    private mutating func add(_ profile: ProfileContents, at path: FilePath) {
        guard !profile.isElsewhere else {
            foreign.append(path)
            return
        }
        profiles.append(path)
        made += profile.made.map { path.appending($0) }
        foreign += profile.foreign.map { path.appending($0) }
        frames.append(path)
    }

    /// A build directory of its own: rust-analyzer's, cargo-llvm-cov's, or what `--target-dir` made.
    private mutating func sortNested(_ path: FilePath) {
        guard let nested = BuildContents(of: root.appending(path.components)) else {
            foreign.append(path)
            return
        }
        made += nested.made.map { path.appending($0.components) }
        foreign += nested.foreign.map { path.appending($0.components) }
        profiles += nested.profiles.map { path.appending($0.components) }
        frames += nested.frames.map { path.appending($0.components) }
        tags += nested.tags.map { path.appending($0.components) }
    }

    /// `<triple>/<profile>`, where `--target` was given.
    private mutating func sortTriple(_ path: FilePath) {
        let directory = root.appending(path.components)
        let inside = entries(of: directory)
        func isProfile(_ entry: (name: FilePath.Component, kind: FileKind)) -> Bool {
            entry.kind == .directory && BuildTree.isMadeProfile(directory.appending(entry.name))
        }
        guard inside.contains(where: isProfile) else {
            foreign.append(path)
            return
        }
        for entry in inside {
            let below = path.appending(entry.name)
            switch entry.kind {
            case .file where entry.name == "CACHEDIR.TAG": tags.append(below)
            case .directory where entry.name == "doc": made.append(below)
            case _ where isProfile(entry): add(ProfileContents(of: directory.appending(entry.name)), at: below)
            default: foreign.append(below)
            }
        }
        frames.append(path)
    }

    /// The tag with cargo's own words below the signature, which every program writes
    /// (`exclude_from_backups_and_indexing`, cargo-util `paths.rs`).
    private static func isCargoTag(_ file: FilePath) -> Bool {
        guard FileStatus.ifPresent(file)?.kind == .file, let text = try? readFile(file) else { return false }
        return text.starts(with: "Signature: 8a477f597d28d172789f06886806bc55".utf8)
            && text.contains(text: Array("created by cargo".utf8))
    }
}

/// A directory at or below `directory` that is the root of a repository or of a worktree; nil where there is none.
private func firstRepository(in directory: FilePath) -> FilePath? {
    var waiting = [directory]
    while let next = waiting.popLast() {
        let inside = entries(of: next)
        if inside.contains(where: { $0.name == ".git" }) { return next }
        waiting += inside.filter { $0.kind == .directory }.map { next.appending($0.name) }
    }
    return nil
}
