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
            let package = depInfo.packageDirectory(in: request.donor)
        else { return false }
        let own = PackageFile.files(
            of: package, in: request.donor.worktree, except: request.donor.outermostBuildDirectory)
        return (own + filesBesideWorkspace).allSatisfy { file in
            file.mtime <= built && (file.kind == .directory || request.sources.isIdentical(file.path))
        }
    }

    /// `.env`, schemas and configuration in the roots of the workspace and of the worktree.
    private var filesBesideWorkspace: [PackageFile] {
        Set([request.donor.directory, FilePath("")]).flatMap { directory -> [PackageFile] in
            let place = request.donor.worktree.appending(directory.components)
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
    /// The directory of the package within the worktree. Nil for a package outside.
    func packageDirectory(in workspace: CargoWorkspace) -> FilePath? {
        guard let crateRoot = sources.first, crateRoot.first != UInt8(ascii: "/"),
            var path = packageRoot(inWorkspaceAt: workspace.root), path.removePrefix(workspace.worktree)
        else { return nil }
        return path
    }
}
