import FileTree
import SystemPackage

private let suffix = ".json"

/// A fingerprint directory, read: one unit for each stem that is not documentation.
struct FingerprintScan {
    /// Relative to the build directory.
    let directory: FilePath
    /// Cargo writes `<stem>.json` beside every hash file, last; a unit without it was never finished.
    let stems: [String]
    private let names: [(name: FilePath.Component, kind: FileKind)]
    /// By stem.
    private var contents: [String: FingerprintContents] = [:]

    init(root: FilePath, directory: FilePath) {
        self.directory = directory
        guard let opened = try? Directory(root.pushing(directory)), let names = try? opened.freshEntries()
        else {
            (names, stems) = ([], [])
            return
        }
        self.names = names
        stems = names.compactMap { entry in
            let name = entry.name.string
            guard name.utf8.count > suffix.utf8.count, name.hasSuffix(suffix) else { return nil }
            let stem = String(name.dropLast(suffix.utf8.count))
            return UnitKind(stem: stem) == nil ? nil : stem
        }
        for stem in stems { contents[stem] = FingerprintContents(stem, in: opened) }
    }

    /// The unit of `stem` with the artifacts that the layout has found for it.
    func unit(
        stem: String, kind: UnitKind, profile: FilePath, layout: Layout, package: String, hash: String,
        artifacts: [UnitFile], hasPlainNames: Bool = false
    ) -> Unit {
        let read = contents[stem]
        return Unit(
            profile: profile, layout: layout, package: package, hash: hash, stem: stem, kind: kind,
            fingerprintDirectory: directory, fingerprint: read?.state,
            depInfo: (read?.depInfo).flatMap { EncodedDepInfo($0.bytes) }, depInfoTime: read?.depInfo?.status.mtime,
            artifacts: artifacts, fingerprintFiles: files(of: stem, read), hasPlainNames: hasPlainNames)
    }

    private func files(of stem: String, _ read: FingerprintContents?) -> [UnitFile] {
        let mine = ["dep-\(stem)", "output-\(stem)", "\(stem)\(suffix)", "invoked.timestamp"]
        return names.compactMap { entry in
            let name = entry.name.string
            guard mine.contains(name), let kind = ArtifactKind(fingerprintFile: name, stem: stem) else { return nil }
            let contents: FileContents? =
                switch kind {
                case .depInfo: read?.depInfo
                case .fingerprint: read?.json
                default: nil
                }
            return UnitFile(
                directory: directory, name: entry.name, kind: kind, node: entry.kind, contents: contents)
        }
    }
}
