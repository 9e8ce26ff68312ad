import FileTree
import SystemPackage

/// Reads one profile directory of the legacy layout. Fingerprints, outputs and build scripts of a unit lie in
/// different directories and are brought together by the hash in their names.
struct LegacyScan {
    let root: FilePath
    let profile: FilePath

    var units: [Unit] {
        let fingerprints = profile.appending(".fingerprint")
        let directories = subdirectories(of: root.appending(fingerprints.components))
        guard !directories.isEmpty else { return [] }
        let outputs = outputFiles()
        return directories.concurrentMap { directory -> [Unit] in
            guard let (package, hash) = UnitName.split(directory: directory.string) else { return [] }
            let scan = FingerprintScan(root: root, directory: fingerprints.appending(directory))
            return scan.stems.compactMap { stem in
                guard let kind = UnitKind(stem: stem) else { return nil }
                let (files, plain) = artifacts(
                    stem: stem, kind: kind, directory: directory, hash: hash, outputs: outputs)
                // Two stems can share a directory only where names have no hash; otherwise a file could be either's.
                let ambiguous = !plain && scan.stems.count > 1
                return scan.unit(
                    stem: stem, kind: kind, profile: profile, layout: .legacy, package: package, hash: hash,
                    artifacts: ambiguous ? [] : files, hasPlainNames: plain)
            }
        }.flatMap { $0 }
    }

    private struct Outputs {
        var byHash: [String: [UnitFile]] = [:]
        /// Names without a hash, by what stands before the first dot, less a `lib` in front.
        var byCrate: [String: [UnitFile]] = [:]
    }

    private func outputFiles() -> Outputs {
        var outputs = Outputs()
        for directory in [profile.appending("deps"), profile.appending("examples")] {
            let isDeps = directory.lastComponent == "deps"
            for entry in entries(of: root.pushing(directory)) where entry.kind != .directory {
                let name = entry.name.string
                if let hash = UnitName.hash(inFile: name) {
                    let kind = ArtifactKind(output: name, unitKind: .library)
                    outputs.byHash[hash, default: []].append(
                        UnitFile(directory: directory, name: entry.name, kind: kind, node: entry.kind))
                } else if isDeps {
                    // In `examples` a name without a hash is an uplifted file.
                    let base = String(name.prefix { $0 != "." })
                    let crate = base.hasPrefix("lib") && name != "\(base).d" ? String(base.dropFirst(3)) : base
                    let kind: ArtifactKind = entry.name.extension == "d" ? .compilerDepInfo : .plainNamed
                    outputs.byCrate[crate, default: []].append(
                        UnitFile(directory: directory, name: entry.name, kind: kind, node: entry.kind))
                }
            }
        }
        return outputs
    }

    private func artifacts(
        stem: String, kind: UnitKind, directory: FilePath.Component, hash: String, outputs: Outputs
    ) -> (files: [UnitFile], plain: Bool) {
        let buildDirectory = profile.appending("build").appending(directory)
        switch kind {
        case .buildScriptRun:
            return (runFiles(in: buildDirectory), false)
        case .buildScript:
            return (buildScriptFiles(in: buildDirectory, hash: hash), false)
        case .library, .executable:
            if let files = outputs.byHash[hash] { return (files, false) }
            guard kind == .library else { return ([], false) }
            let crate = String(stem.dropFirst("lib-".count).map { $0 == "-" ? "_" : $0 })
            return (outputs.byCrate[crate] ?? [], true)
        }
    }

    /// `build/<package>-<hash>/{output,root-output,stderr,invoked.timestamp,out/}` of a run.
    private func runFiles(in directory: FilePath) -> [UnitFile] {
        entries(of: root.pushing(directory)).flatMap { entry -> [UnitFile] in
            if entry.kind == .directory {
                return entry.name == "out"
                    ? filesBelow(directory.appending(entry.name), root: root, kind: .outDirectory) : []
            }
            return [
                UnitFile(
                    directory: directory, name: entry.name, kind: ArtifactKind(runFile: entry.name.string),
                    node: entry.kind)
            ]
        }
    }

    /// `build/<package>-<hash>/build_script_<name>-<hash>` and its `.d`; `build-script-<name>` beside them is uplifted.
    private func buildScriptFiles(in directory: FilePath, hash: String) -> [UnitFile] {
        entries(of: root.pushing(directory)).compactMap { entry in
            guard entry.kind != .directory, UnitName.hash(inFile: entry.name.string) == hash else { return nil }
            return UnitFile(
                directory: directory, name: entry.name,
                kind: ArtifactKind(output: entry.name.string, unitKind: .buildScript), node: entry.kind)
        }
    }
}
