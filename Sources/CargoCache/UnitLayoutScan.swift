import FileTree
import SystemPackage

/// Reads one profile directory of the unit layout: `build/<package>/<hash>/{fingerprint,out,run}`, one directory for
/// each unit. A unit with `run` is a build script's run, and its `out` is OUT_DIR.
struct UnitLayoutScan {
    let root: FilePath
    let profile: FilePath

    var units: [Unit] {
        let build = profile.appending("build")
        return subdirectories(of: root.appending(build.components)).concurrentMap { package -> [Unit] in
            let packageDirectory = build.appending(package)
            return subdirectories(of: root.appending(packageDirectory.components)).flatMap { hash -> [Unit] in
                UnitName.isHash(hash.string)
                    ? unit(package: package.string, hash: hash.string, directory: packageDirectory.appending(hash)) : []
            }
        }.flatMap { $0 }
    }

    private func unit(package: String, hash: String, directory: FilePath) -> [Unit] {
        let scan = FingerprintScan(root: root, directory: directory.appending("fingerprint"))
        // One directory, one unit; with several stems it could not be told whose the outputs are.
        guard scan.stems.count == 1, let stem = scan.stems.first, let kind = UnitKind(stem: stem) else { return [] }
        let outputs = directory.appending("out")
        let files: [UnitFile]
        if kind == .buildScriptRun {
            files = filesBelow(outputs, root: root, kind: .outDirectory) + runFiles(in: directory.appending("run"))
        } else {
            files = outputFiles(in: outputs, hash: hash, unitKind: kind)
        }
        return [
            scan.unit(
                stem: stem, kind: kind, profile: profile, layout: .unit, package: package, hash: hash,
                artifacts: files)
        ]
    }

    private func runFiles(in directory: FilePath) -> [UnitFile] {
        entries(of: root.pushing(directory)).compactMap { entry in
            entry.kind == .directory
                ? nil
                : UnitFile(
                    directory: directory, name: entry.name, kind: ArtifactKind(runFile: entry.name.string),
                    node: entry.kind)
        }
    }

    /// Libraries have the hash in their names, binaries and build scripts do not; a library without one (cdylib,
    /// dylib, staticlib of a path package) is copied like everything that is not known to be replaced.
    private func outputFiles(in directory: FilePath, hash: String, unitKind: UnitKind) -> [UnitFile] {
        entries(of: root.pushing(directory)).compactMap { entry in
            guard entry.kind != .directory else { return nil }
            let name = entry.name.string
            var kind = ArtifactKind(output: name, unitKind: unitKind)
            let isNamed = UnitName.hash(inFile: name) == hash
            if !isNamed, kind == .rlib || kind == .sharedLibrary || kind == .rmeta { kind = .plainNamed }
            return UnitFile(directory: directory, name: entry.name, kind: kind, node: entry.kind)
        }
    }
}
