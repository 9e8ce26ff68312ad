import CargoCache
import FileTree
import SystemPackage

extension CargoWorkspace {
    /// Whether units in the build directory can be another workspace's.
    var isSharedByWorkspaces: Bool { !otherDirectories.isEmpty || buildDirectory != outermostBuildDirectory }
}

extension SeedRequest {
    /// The same for the workspace that a unit of a path package belongs to. rustc's dep-info has paths relative to the
    /// workspace's root and does not say which: it is the one in which the package above the crate root has the unit's
    /// name. Nil when that is none of those that are known, or could be several.
    func moved(toWorkspaceOf unit: Unit, _ depInfo: CompilerDepInfo) -> SeedRequest? {
        guard donor.isSharedByWorkspaces, depInfo.crateRoot?.first != UInt8(ascii: "/") else { return self }
        let names = ["\"", "'"].map { Array("\($0)\(unit.package)\($0)".utf8) }
        let found = ([donor.directory] + donor.otherDirectories).map(moved).filter { moved in
            guard let package = depInfo.packageDirectory(of: unit, in: moved.donor) else { return false }
            let manifest = moved.donor.worktree.appending(package.components).appending("Cargo.toml")
            guard let text = try? readFile(manifest) else { return false }
            return names.contains { text.contains(text: $0) }
        }
        return found.count == 1 ? found[0] : nil
    }

    private func moved(to directory: FilePath) -> SeedRequest {
        var request = self
        request.donor.directory = directory
        request.recipient.directory = directory
        return request
    }
}
