import FileTree
import SystemPackage

/// Finds the cargo workspaces of a worktree that have been built.
public enum WorkspaceSearch {
    /// Directories, relative to the worktree's root, of workspaces with a build directory of their own, once for each
    /// build directory: those that are nested in another follow it, with or without units in that one. `manifests` are
    /// the `Cargo.toml` files that are tracked: they say where to look, so that no disk is walked. A member's own
    /// directory has no build directory, which is how members and workspaces are told apart. Throws
    /// `BuildDirectory.Failure` when cargo has to be asked and cannot answer.
    public static func builtWorkspaces(
        manifests: [FilePath], in worktree: FilePath, environment: [String: String]
    ) throws(BuildDirectory.Failure) -> [(directory: FilePath, buildDirectory: BuildDirectory)] {
        try workspaces(manifests: manifests, in: worktree, environment: environment).built
    }

    /// The same, and besides the build directories, absolute, that settings name and in which nothing has been built.
    public static func workspaces(
        manifests: [FilePath], in worktree: FilePath, environment: [String: String]
    ) throws(BuildDirectory.Failure) -> (
        built: [(directory: FilePath, buildDirectory: BuildDirectory)], unbuilt: [FilePath]
    ) {
        let directories = manifests.map { $0.removingLastComponent() }
        let all = Set(directories)
        var settings = BuildSettings(environment: environment)
        var found: [(directory: FilePath, buildDirectory: BuildDirectory)] = []
        var unbuilt: [FilePath] = []
        for directory in directories {
            let root = worktree.pushing(directory)
            // With a setting in play cargo has to be asked about each manifest, which takes a moment. Cargo leaves
            // `Cargo.lock` in the root of every workspace that it builds and in no member's directory, so one look
            // spares the calls for members, and for packages that never were built.
            let inPlay = settings.areInPlay(at: root)
            var isOutermost: Bool { !isBelow(all, directory) }
            guard !inPlay || isOutermost || hasLockFile(root) else { continue }
            let build: BuildDirectory
            do throws(BuildDirectory.Failure) {
                build = try BuildDirectory(
                    ofWorkspaceAt: root, isSettingInPlay: inPlay, environment: environment)
            } catch {
                if isOutermost { throw error }
                // Material of tests, as a rule, with which cargo is not even meant to get along.
                continue
            }
            // A lock file that a package has kept from the time before it became a member.
            if let workspaceRoot = build.workspaceRoot, realPath(workspaceRoot) != realPath(root) { continue }
            guard FileStatus.ifPresent(build.path) != nil else {
                if build.isConfigured { unbuilt.append(build.path) }
                continue
            }
            if BuildTree.isBuildDirectory(build.path) {
                found.append((directory, build))
            } else if build.isConfigured {
                unbuilt.append(build.path)
            }
            found += BuildTree.nestedBuildDirectories(of: build.path).map { (directory, build.nested($0)) }
        }
        return (found, unbuilt)
    }

    /// Whether one of `directories` is above `directory`.
    private static func isBelow(_ directories: Set<FilePath>, _ directory: FilePath) -> Bool {
        var above = directory
        while above.removeLastComponent() {
            if directories.contains(above) { return true }
        }
        return false
    }

    private static func hasLockFile(_ root: FilePath) -> Bool {
        FileStatus.ifPresent(root.appending("Cargo.lock")) != nil
    }
}

extension BuildTree {
    /// Whether cargo has built something at `path`: the name alone proves nothing.
    public static func isBuildDirectory(_ path: FilePath) -> Bool {
        !profileDirectories(of: path).isEmpty
    }
}
