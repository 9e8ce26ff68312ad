import FileTree
import SystemPackage

/// Finds the cargo workspaces of a worktree that have been built.
public enum WorkspaceSearch {
    /// Directories, relative to the worktree's root, of workspaces with a build directory of their own. `manifests` are
    /// the `Cargo.toml` files that are tracked: they say where to look, so that no disk is walked. A member's own
    /// directory has no build directory, which is how members and workspaces are told apart.
    public static func builtWorkspaces(
        manifests: [FilePath], in worktree: FilePath, environment: [String: String]
    ) throws(BuildDirectory.Failure) -> [(directory: FilePath, buildDirectory: BuildDirectory)] {
        let directories = manifests.map { $0.removingLastComponent() }
        var found: [(directory: FilePath, buildDirectory: BuildDirectory)] = []
        for directory in directories {
            let root = worktree.appending(directory.components)
            let isOutermost = !directories.contains { $0 != directory && directory.starts(with: $0) }
            // With a setting in play every manifest would need a call of cargo; only the outermost get one.
            let inPlay = BuildDirectory.isSettingInPlay(at: root, environment: environment)
            guard isOutermost || !inPlay else { continue }
            let build = try BuildDirectory(ofWorkspaceAt: root, environment: environment)
            if BuildTree.isBuildDirectory(build.path) { found.append((directory, build)) }
        }
        return found
    }
}

extension BuildTree {
    /// Whether cargo has built something at `path`: the name alone proves nothing.
    public static func isBuildDirectory(_ path: FilePath) -> Bool {
        FileStatus.ifPresent(path)?.kind == .directory && !profileDirectories(of: path).isEmpty
    }
}
