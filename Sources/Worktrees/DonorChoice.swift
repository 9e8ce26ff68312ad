import CargoCache
import FileTree
import Git
import SystemPackage

/// The worktree that units are taken from, and the workspaces in it that have been built.
public struct Donor: Sendable {
    /// The worktree.
    public let worktree: WorktreeRecord
    /// Its workspaces, once for each build directory that they have.
    public let workspaces: [Workspace]

    /// A workspace that has been built, in one of its build directories.
    public struct Workspace: Sendable {
        /// Relative to the worktree's root.
        public let directory: FilePath
        /// Where cargo builds it.
        public let buildDirectory: BuildDirectory
    }

    /// Chooses the donor among the repository's worktrees: the one with the new worktree's commit, else the one that
    /// the user stands in, else the main one, else any; in each case only if cargo has built something there. Returns
    /// nil and a reason for people when there is none. Throws `Failure` when the donor that was asked for does not
    /// exist, or when cargo cannot say where it builds.
    static func choose(
        named name: String?, commit: ObjectID, manifests: [FilePath], search: WorktreeSearch,
        environment: [String: String]
    ) throws(Failure) -> (donor: Donor?, reason: String?) {
        guard !manifests.isEmpty else { return (nil, "no Cargo.toml in this commit") }
        if let name {
            let worktree = try search.worktree(named: name)
            let workspaces = try built(in: worktree, manifests, environment)
            guard !workspaces.isEmpty else { return (nil, "cargo has built nothing in \(worktree.path)") }
            return (Donor(worktree: worktree, workspaces: workspaces), nil)
        }
        let current = search.current
        func rank(_ worktree: WorktreeRecord) -> Int {
            if worktree.head.commit == commit { return worktree == current ? 0 : 1 }
            if worktree == current { return 2 }
            return worktree.isMain ? 3 : 4
        }
        let candidates = search.worktrees.filter { !$0.isBare && $0.pruneReason == nil }.enumerated().sorted { a, b in
            (rank(a.element), a.offset) < (rank(b.element), b.offset)
        }
        for candidate in candidates {
            let workspaces = try built(in: candidate.element, manifests, environment)
            if !workspaces.isEmpty { return (Donor(worktree: candidate.element, workspaces: workspaces), nil) }
        }
        return (nil, "cargo has built nothing in any worktree")
    }

    private static func built(
        in worktree: WorktreeRecord, _ manifests: [FilePath], _ environment: [String: String]
    ) throws(Failure) -> [Workspace] {
        // The donor may lack manifests that the new commit has.
        let present = manifests.filter { FileStatus.ifPresent(worktree.path.appending($0.components)) != nil }
        do throws(BuildDirectory.Failure) {
            return try WorkspaceSearch.builtWorkspaces(manifests: present, in: worktree.path, environment: environment)
                .map { Workspace(directory: $0.directory, buildDirectory: $0.buildDirectory) }
        } catch {
            throw Failure(
                .failed, "cargo cannot say where it builds in \(worktree.path): \(error)",
                hints: [
                    "cargo metadata --no-deps, run there, says more", "--no-seed makes the worktree without a cache",
                ])
        }
    }
}
