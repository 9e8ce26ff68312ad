import FileTree
import SystemPackage

/// The files for which cargo looks before it calls a unit fresh (`Fingerprint::outputs`), with their mtimes.
struct UnitOutputs {
    /// Relative to the build directory.
    private(set) var missing: FilePath?
    /// Whether it is known which files there have to be.
    private(set) var isKnown = true

    /// What cargo compares with the outputs of dependencies: the mtime of the newest.
    private(set) var newest: FileTime?
    /// The metadata's mtime.
    private(set) var metadata: FileTime?
    /// A library for Rust and nothing else, with code: it needs no more than the metadata of its dependencies, and its
    /// dependents of the same kind no more than its own (`only_requires_rmeta`, build_runner/mod.rs).
    private(set) var isPlainLibrary = false

    /// `depInfo` names the files that rustc wrote, by their names then. `hasCode`: some dependent is more than checked.
    /// `metadataIsNeeded`: a library depends on it.
    init(
        of unit: Unit, in buildDirectory: FilePath, depInfo: BuildGraph.DepInfo?, hasCode: Bool,
        metadataIsNeeded: Bool
    ) {
        var paths: [FilePath]
        if unit.kind == .buildScriptRun {
            paths = unit.artifacts.filter { $0.kind == .buildScriptOutput }.map(\.path)
            if paths.isEmpty { missing = unit.fingerprintDirectory.appending("output") }
        } else if let depInfo {
            paths = depInfo.info.outputs.compactMap { output in
                guard let name = FilePath(bytes: output).lastComponent, name.extension != "d" else { return nil }
                return depInfo.file.directory.appending(name)
            }
            if paths.isEmpty { isKnown = false }
        } else {
            paths = unit.artifacts.filter { Self.isOutput($0.kind) }.map(\.path)
            let extensions = Set(paths.map { $0.extension ?? "" })
            if paths.isEmpty {
                missing = unit.fingerprintDirectory
            } else if unit.kind == .library, !unit.hasPlainNames, !extensions.contains(where: Self.isShared) {
                // Without rustc's dep-info, what is there has to be what its dependents need.
                if hasCode, !extensions.contains("rlib") { missing = paths[0].replacingExtension("rlib") }
                if metadataIsNeeded, !extensions.contains("rmeta") { missing = paths[0].replacingExtension("rmeta") }
            }
        }
        var extensions: Set<String> = []
        for path in paths {
            // Cargo asks for the file's own mtime, whatever it is a link to.
            guard let time = FileTimes.ofFile(buildDirectory.pushing(path)) else {
                missing = path
                continue
            }
            let name = path.extension ?? ""
            extensions.insert(name)
            newest = newest.map { max($0, time) } ?? time
            if name == "rmeta" { metadata = metadata ?? time }
        }
        isPlainLibrary = extensions.contains("rlib") && extensions.isSubset(of: ["rlib", "rmeta"])
    }

    private static func isOutput(_ kind: ArtifactKind) -> Bool {
        switch kind {
        case .rlib, .rmeta, .sharedLibrary, .buildScriptExecutable, .executable, .plainNamed: true
        default: false
        }
    }

    private static func isShared(_ name: String) -> Bool { ["so", "dylib", "dll"].contains(name) }
}

extension FilePath {
    fileprivate func replacingExtension(_ name: String) -> FilePath {
        var path = self
        path.extension = name
        return path
    }
}
