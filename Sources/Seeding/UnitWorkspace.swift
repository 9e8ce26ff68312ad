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
    /// name. Nil when that is none of those that are known.
    func moved(toWorkspaceOf unit: Unit, _ depInfo: CompilerDepInfo) -> SeedRequest? {
        guard donor.isSharedByWorkspaces, depInfo.sources.first?.first != UInt8(ascii: "/") else { return self }
        let name = Array(unit.package.utf8)
        return ([donor.directory] + donor.otherDirectories).lazy.map(moved).first { moved in
            guard let package = depInfo.packageDirectory(in: moved.donor) else { return false }
            let manifest = moved.donor.worktree.appending(package.components).appending("Cargo.toml")
            return (try? readFile(manifest))?.contains(text: name) == true
        }
    }

    private func moved(to directory: FilePath) -> SeedRequest {
        var request = self
        request.donor.directory = directory
        request.recipient.directory = directory
        return request
    }
}
