import CargoCache
import FileTree
import SystemPackage

/// Whether a unit's sources are the same here.
extension UnitCheck {
    /// The crate root is absolute for all but path packages inside the workspace (cargo's `path_args`); if it lies in
    /// a worktree all the same, cargo has hashed that path into the unit.
    func sourceReason(_ unit: Unit, at index: Int, _ depInfo: CompilerDepInfo, isPath: Bool) -> ColdReason? {
        if let crateRoot = depInfo.crateRoot, crateRoot.first == slash, roots.root(containing: crateRoot) != nil {
            return isPath ? .outsideWorkspace : .vendored
        }
        guard isPath else { return nil }
        for source in depInfo.sources {
            switch place(of: source) {
            case .buildDirectory(let path):
                if !isOutput(path, ofRunsFor: index) { return .sourceDiffers(path: path.string) }
            case .worktree(let path):
                if !request.sources.isIdentical(path) || isOutdated(unit, path) {
                    return .sourceDiffers(path: path.string)
                }
                if let other = otherFile(ofModuleIn: path) { return .sourceDiffers(path: other.string) }
            case .elsewhere: continue
            }
        }
        return lintReason(unit, depInfo)
    }

    /// The file that the module could be in as well, when it is here and not the donor's: rustc takes neither then (E0761),
    /// and cargo looks only at the one that it took.
    private func otherFile(ofModuleIn path: FilePath) -> FilePath? {
        guard !request.sources.isComplete, path.extension == "rs", let stem = path.stem else { return nil }
        var other = path.removingLastComponent()
        if stem == "mod" {
            guard let module = other.lastComponent, other.removeLastComponent() else { return nil }
            other = other.appending(module.string + ".rs")
        } else {
            other = other.appending(stem).appending("mod.rs")
        }
        return differsHere(other) ? other : nil
    }

    /// Whether the recipient has a file there that is not the donor's.
    private func differsHere(_ path: FilePath) -> Bool {
        !request.sources.isIdentical(path)
            && FileStatus.ifPresent(request.recipient.worktree.appending(path.components)) != nil
    }

    /// Whether a file of the build directory is in the OUT_DIR of a run that the unit was compiled after, with which it is
    /// seeded. Others are nobody's.
    private func isOutput(_ path: FilePath, ofRunsFor index: Int) -> Bool {
        graph.dependencies[index].contains { dependency in
            graph.units[dependency].kind == .buildScriptRun
                && path.starts(with: graph.units[dependency].outDirectory)
        }
    }

    /// A configuration of clippy's that is not the donor's, in the package or above it (`lookup_conf_file`, clippy_config).
    /// rustc's dep-info has only the one that was found.
    private func lintReason(_ unit: Unit, _ depInfo: CompilerDepInfo) -> ColdReason? {
        guard depInfo.environment.contains(where: { $0.name.starts(with: "CLIPPY_".utf8) }),
            var directory = depInfo.packageDirectory(of: unit, in: request.donor)
        else { return nil }
        while true {
            for name in CompilerDepInfo.clippyConfigurations {
                let path = directory.appending(name)
                if differsHere(path) { return .sourceDiffers(path: path.string) }
            }
            guard directory.removeLastComponent() else { return nil }
        }
    }

    /// Whether the donor's source file has changed since the unit was compiled. Where the unit's files get another mtime
    /// than they have there, cargo would not see it.
    private func isOutdated(_ unit: Unit, _ path: FilePath) -> Bool {
        guard request.sources.stamp != nil else { return false }
        guard let time = unit.depInfoTime,
            let own = FileStatus.ifPresent(request.donor.worktree.appending(path.components))?.mtime
        else { return true }
        return own > time
    }

    /// Where a source file of rustc's dep-info is: relative to the build directory, or to its worktree's root.
    enum SourcePlace {
        case buildDirectory(FilePath)
        case worktree(FilePath)
        /// In no worktree, or below a build directory that is not known for one of these.
        case elsewhere
    }

    /// Where this source is; one that is not absolute counts from the donor's workspace.
    func place(of source: [UInt8]) -> SourcePlace {
        let path: FilePath
        if source.first == slash {
            let source = FilePath(bytes: source).lexicallyNormalized().bytes
            if let root = buildRoots.first(where: { source.isPath(under: $0) && source.count > $0.count }) {
                return .buildDirectory(FilePath(bytes: Array(source.dropFirst(root.count + 1))))
            }
            guard let root = roots.root(containing: source) else { return .elsewhere }
            let rest = Array(source.dropFirst(root.count + 1))
            if let buildDirectory, rest.isPath(under: buildDirectory) { return .elsewhere }
            path = FilePath(bytes: rest)
        } else {
            path = request.donor.directory.appending(FilePath(bytes: source).components).lexicallyNormalized()
        }
        return path.components.first?.kind == .parentDirectory ? .elsewhere : .worktree(path)
    }
}

private let slash = UInt8(ascii: "/")
