import CargoCache
import FileTree
import SystemPackage

/// Whether a proc macro that reads files by itself would read the same ones here. Which ones it reads is written down
/// nowhere, so all that lie close must be the same and older than the unit; the rest of the worktree must at least be
/// the same commit, without a change.
struct MacroInputs {
    let request: SeedRequest

    /// `unit` was compiled from `depInfo`'s sources. False where nothing can be said.
    func areUnchanged(for unit: Unit, _ depInfo: CompilerDepInfo) -> Bool {
        guard request.sources.isComplete, let built = unit.depInfoTime,
            let package = depInfo.packageDirectory(of: unit, in: request.donor)
        else { return false }
        let areOld = files(of: package, in: request.donor).allSatisfy { file in
            file.mtime <= built && (file.kind == .directory || request.sources.isIdentical(file.path))
        }
        // What is here alone, as what a hook has made, would be read as well.
        return areOld
            && files(of: package, in: request.recipient).allSatisfy {
                $0.kind == .directory || request.sources.isIdentical($0.path)
            }
    }

    private func files(of package: FilePath, in workspace: CargoWorkspace) -> [PackageFile] {
        PackageFile.files(of: package, in: workspace.worktree, except: workspace.outermostBuildDirectory)
            + filesBesideWorkspace(workspace)
    }

    /// `.env`, schemas and configuration in the roots of the workspace and of the worktree.
    private func filesBesideWorkspace(_ workspace: CargoWorkspace) -> [PackageFile] {
        Set([workspace.directory, FilePath("")]).flatMap { directory -> [PackageFile] in
            let place = workspace.worktree.appending(directory.components)
            guard let entries = try? Directory(place).entries() else { return [] }
            return entries.compactMap { entry in
                let path = directory.appending(entry.name)
                // `.git` is a file in a linked worktree.
                guard entry.kind != .directory, entry.name != ".git",
                    let status = FileStatus.ifPresent(place.appending(entry.name))
                else { return nil }
                return PackageFile(path: path, kind: status.kind, mtime: status.mtime)
            }
        }
    }
}

extension CompilerDepInfo {
    /// The directory of the package of `unit` within the worktree. Nil for a package outside, and where cargo's dep-info does
    /// not say that it is the one.
    func packageDirectory(of unit: Unit, in workspace: CargoWorkspace) -> FilePath? {
        guard let crateRoot, crateRoot.first != UInt8(ascii: "/"), let depInfo = unit.depInfo,
            depInfo.files.contains(where: { $0.base == .packageRoot }),
            var path = packageRoot(inWorkspaceAt: workspace.root, agreeingWith: depInfo),
            path.removePrefix(workspace.worktree)
        else { return nil }
        return path
    }
}
