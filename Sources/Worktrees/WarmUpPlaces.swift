import CargoCache
import FileTree
import SystemPackage

/// Where the workspaces of a recipient are built.
extension WarmUp {
    /// The recipient's build directory, the outermost one; nil, and a note, where there is none to seed.
    func place(
        of workspace: Donor.Workspace, in donor: Donor, _ check: PlaceCheck, _ notes: inout [String],
        _ foreign: inout Bool
    ) -> FilePath? {
        let root = recipient.appending(workspace.directory.components)
        let theirs = workspace.buildDirectory.outermostPath
        do throws(BuildDirectory.Failure) {
            let ours = try buildDirectory(of: workspace, in: donor, at: root)
            let isShared = ours == theirs || realPath(ours) != nil && realPath(ours) == realPath(theirs)
            let objection = isShared ? nil : check.objection(to: ours, isNew: sources.stamp == nil)
            guard isShared || objection != nil else { return ours }
            foreign = foreign || PlaceCheck.isBuilt(ours)
            notes.append(
                objection.map { "\(root) stays cold: \($0)" }
                    ?? "all worktrees build in \(theirs): nothing to seed, but cargo makes them wait for each other, and "
                    + "one can run what another has built")
        } catch {
            notes.append("\(root) stays cold: \(error)")
        }
        return nil
    }

    private func buildDirectory(
        of workspace: Donor.Workspace, in donor: Donor, at root: FilePath
    ) throws(BuildDirectory.Failure) -> FilePath {
        if FileStatus.ifPresent(root) != nil {
            return try BuildDirectory(ofWorkspaceAt: root, environment: environment).path
        }
        let donorRoot = donor.worktree.path.appending(workspace.directory.components)
        var path = workspace.buildDirectory.outermostPath
        guard path.removePrefix(donorRoot) else { return path }
        return root.appending(path.components)
    }

    /// Whether a workspace of the recipient that no donor has built is built already, outside of the recipient, or cargo
    /// cannot say so. It is asked only where a setting is in play.
    var isBuiltElsewhere: Bool {
        var places: Set<FilePath> = []
        for manifest in manifests {
            var directory = manifest.removingLastComponent()
            while places.insert(directory).inserted, !directory.isEmpty { directory.removeLastComponent() }
        }
        places.remove("")
        var settings = BuildSettings(environment: environment)
        let isSet =
            settings.areInPlay(at: recipient)
            || places.contains { FileStatus.ifPresent(recipient.appending($0.components).appending(".cargo")) != nil }
        guard isSet else { return false }
        let built = try? WorkspaceSearch.builtWorkspaces(
            manifests: manifests, in: recipient, environment: environment)
        let home = realPath(recipient) ?? recipient
        return built?.contains { workspace in
            let place = workspace.buildDirectory.path
            return !(realPath(place) ?? place).starts(with: home)
        } ?? true
    }
}
