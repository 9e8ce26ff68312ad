import FileTree
import SystemPackage

/// What cargo finds when it looks at one unit's own files and variables (`LocalFingerprint::find_stale_item`,
/// `core/compiler/fingerprint/mod.rs`), and at the manifests, of which it has hashed what we cannot. For runs of build
/// scripts see `RunFreshness.swift`.
struct FreshnessCheck {
    let buildDirectory: FilePath
    /// The workspace's root.
    let workspace: FilePath
    let variables: VariableCheck
    let times = FileTimes()
    /// `git` and `registry` in cargo's home: what is in them counts as never changed.
    let immutablePlaces: [FilePath]

    init(buildDirectory: FilePath, workspace: FilePath, environment: [String: String]) {
        self.buildDirectory = buildDirectory
        self.workspace = workspace
        let home = CargoConfiguration.home(in: environment)
        variables = VariableCheck(
            environment: environment, configuration: CargoConfiguration(at: workspace, home: home))
        immutablePlaces = home.map { [$0.appending("git"), $0.appending("registry")] } ?? []
    }

    /// Why a compiled unit is stale by itself; nil when nothing speaks for it. `written` is rustc's dep-info.
    func reason(
        _ unit: Unit, isPath: Bool, written: BuildGraph.DepInfo?
    ) -> StaleReason? {
        let depInfoFile = unit.fingerprintDirectory.appending("dep-\(unit.stem)")
        guard let time = unit.depInfoTime else { return .depInfoMissing }
        guard let depInfo = unit.depInfo else { return .unknownForm(file: depInfoFile.string) }
        if let written, wasMoved(written.info, written.file) { return .sourceMoved }

        var package: FilePath?
        if depInfo.files.contains(where: { $0.base == .packageRoot }) {
            guard let root = written?.info.packageRoot(inWorkspaceAt: workspace, agreeingWith: depInfo) else {
                return .packageUnknown
            }
            package = root
        }
        for file in depInfo.files {
            let base = file.base == .packageRoot ? package! : buildDirectory
            let path = base.pushing(FilePath(bytes: file.path))
            if let reason = reason(path, newerThan: time, checksum: file.checksum) { return reason }
        }
        for variable in depInfo.environment {
            let name = String(decoding: variable.name, as: UTF8.self)
            let value = variable.value.map { String(decoding: $0, as: UTF8.self) }
            if let reason = variables.reason(name, value, since: time, isCompiled: true) { return reason }
        }
        return isPath ? manifestReason(package, newerThan: time) : nil
    }

    /// A path package outside the workspace, or a vendored one, has its absolute path in the fingerprint. The build
    /// directory that rustc wrote down tells where the worktree was then; a seeded unit of a registry that all worktrees
    /// share is not moved by that.
    private func wasMoved(_ info: CompilerDepInfo, _ file: UnitFile) -> Bool {
        guard let crateRoot = info.crateRoot, crateRoot.first == UInt8(ascii: "/"),
            let bytes = info.buildDirectory(ofDepInfoAt: file.path.bytes)
        else { return false }
        var old = FilePath(bytes: bytes)
        var new = buildDirectory
        guard old != new, realPath(old) == nil || realPath(old) != realPath(new) else { return false }
        while let name = old.lastComponent, name == new.lastComponent {
            old.removeLastComponent()
            new.removeLastComponent()
        }
        return FilePath(bytes: crateRoot).starts(with: old)
    }

    /// A manifest decides about features, lints and more, which are hashed and not looked at one by one.
    func manifestReason(_ package: FilePath?, newerThan time: FileTime) -> StaleReason? {
        guard let package else { return .packageUnknown }
        for directory in package == workspace ? [package] : [package, workspace] {
            let manifest = directory.appending("Cargo.toml")
            guard let own = times.newest(manifest) else { return .fileMissing(path: shown(manifest)) }
            if own > time { return .manifestNewer(path: shown(manifest)) }
        }
        return nil
    }

    func reason(
        _ path: FilePath, newerThan time: FileTime, checksum: EncodedDepInfo.Checksum?
    ) -> StaleReason? {
        if immutablePlaces.contains(where: path.starts) { return nil }
        guard let own = times.newest(path) else { return .fileMissing(path: shown(path)) }
        if let checksum {
            guard let size = FileStatus.ifPresent(path)?.size, size == checksum.size else {
                return .fileDiffers(path: shown(path))
            }
            return own > time ? .checksumDecides(path: shown(path)) : nil
        }
        return own > time ? .fileNewer(path: shown(path)) : nil
    }

    /// Relative to the workspace's root where it is below that.
    func shown(_ path: FilePath) -> String {
        var path = path.lexicallyNormalized()
        if path.starts(with: workspace), path != workspace { _ = path.removePrefix(workspace) }
        return path.string
    }
}
