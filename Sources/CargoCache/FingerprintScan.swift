import FileTree
import SystemPackage

private let suffix = ".json"

/// A fingerprint directory, read: one unit for each stem that is not documentation.
struct FingerprintScan {
    let root: FilePath
    /// Relative to `root`.
    let directory: FilePath
    /// Cargo writes `<stem>.json` beside every hash file, last; a unit without it was never finished.
    let stems: [String]
    private let names: [(name: FilePath.Component, kind: FileKind)]

    init(root: FilePath, directory: FilePath) {
        self.root = root
        self.directory = directory
        names = entries(of: root.appending(directory.components))
        stems = names.compactMap { entry in
            let name = entry.name.string
            guard name.utf8.count > suffix.utf8.count, name.hasSuffix(suffix) else { return nil }
            let stem = String(name.dropLast(suffix.utf8.count))
            return UnitKind(stem: stem) == nil ? nil : stem
        }
    }

    /// The unit of `stem` with the artifacts that the layout has found for it.
    func unit(
        stem: String, kind: UnitKind, profile: FilePath, layout: Layout, package: String, hash: String,
        artifacts: [UnitFile], hasPlainNames: Bool = false
    ) -> Unit {
        let path = root.appending(directory.components)
        let depInfo = try? readFileAndStatus(path.appending("dep-\(stem)"))
        return Unit(
            profile: profile, layout: layout, package: package, hash: hash, stem: stem, kind: kind,
            fingerprintDirectory: directory,
            fingerprint: FingerprintState(
                hashFile: path.appending(stem), json: path.appending("\(stem).json")),
            depInfo: depInfo.flatMap { EncodedDepInfo($0.bytes) }, depInfoTime: depInfo?.status.mtime,
            artifacts: artifacts, fingerprintFiles: files(of: stem), hasPlainNames: hasPlainNames)
    }

    private func files(of stem: String) -> [UnitFile] {
        let mine = ["dep-\(stem)", "output-\(stem)", "\(stem)\(suffix)", "invoked.timestamp"]
        return names.compactMap { entry in
            let name = entry.name.string
            guard mine.contains(name), let kind = ArtifactKind(fingerprintFile: name, stem: stem) else { return nil }
            return UnitFile(directory: directory, name: entry.name, kind: kind, node: entry.kind)
        }
    }
}
