import CargoCache
import FileTree
import Git
import Seeding
import SystemPackage

/// A worktree that units can be taken from, and the workspaces in it that have been built.
public struct Donor: Sendable {
    /// The worktree.
    public let worktree: WorktreeRecord
    /// Its workspaces, once for each build directory that they have.
    public let workspaces: [Workspace]
    /// Build directories that settings name here and in which nothing has been built.
    let unbuilt: [FilePath]

    /// A workspace that has been built, in one of its build directories.
    public struct Workspace: Sendable {
        /// Relative to the worktree's root.
        public let directory: FilePath
        /// Where cargo builds it.
        public let buildDirectory: BuildDirectory

        /// The build directory's name in the one around it, where it is nested.
        var nestedName: FilePath.Component? { buildDirectory.nestedName }
    }

    /// Looks for what has been built in a worktree. `manifests` are tracked `Cargo.toml` files. Throws `Failure` when
    /// cargo cannot say where it builds.
    init(_ worktree: WorktreeRecord, manifests: [FilePath], environment: [String: String]) throws(Failure) {
        self.worktree = worktree
        // The donor may lack manifests that the new commit has.
        let present = manifests.filter { FileStatus.ifPresent(worktree.path.appending($0.components)) != nil }
        do throws(BuildDirectory.Failure) {
            let found = try WorkspaceSearch.workspaces(
                manifests: present, in: worktree.path, environment: environment)
            workspaces = found.built.map { Workspace(directory: $0.directory, buildDirectory: $0.buildDirectory) }
            unbuilt = found.unbuilt
        } catch {
            throw Failure(
                .failed, "cargo cannot say where it builds in \(worktree.path): \(error)",
                hints: [
                    "cargo metadata --no-deps, run there, says more", "--no-seed makes the worktree without a cache",
                ])
        }
    }

    /// What stands for a unit from afar, for all units in all build directories.
    func unitNames() -> Set<FilePath> {
        var names: Set<FilePath> = []
        for workspace in workspaces {
            let place = workspace.directory.appending(workspace.nestedName ?? "-")
            for name in BuildTree.unitNames(of: workspace.buildDirectory.path) {
                names.insert(place.appending(name.components))
            }
        }
        return names
    }

    /// This donor's counterpart of another donor's workspace; nil where it has not built that.
    func cargoWorkspace(like other: Workspace) -> CargoWorkspace? {
        guard
            let workspace = workspaces.first(where: {
                $0.directory == other.directory && $0.nestedName == other.nestedName
            })
        else { return nil }
        let theirs = workspace.buildDirectory
        var result = CargoWorkspace(
            worktree: worktree.path, directory: workspace.directory, buildDirectory: theirs.path,
            outermostBuildDirectory: theirs.outermostPath)
        result.otherDirectories = workspaces.filter {
            $0.directory != workspace.directory
                && (theirs.nestedName != nil || $0.buildDirectory.path == theirs.path)
        }.map(\.directory)
        return result
    }
}

/// The worktrees that units are taken from.
public struct Donors: Sendable {
    /// The one whose sources are compared, and whose members' units are taken.
    public let primary: Donor
    /// Donors of registry and git packages that the primary one has not got, the best first.
    public let others: [Donor]
    /// All worktrees that were looked at, those that have nothing to give too.
    let known: [Donor]

    /// The primary one first.
    public var all: [Donor] { [primary] + others }

    /// The roots of those that give something: the primary one in any case, since its sources were compared, and the
    /// others as far as a unit comes from them.
    public func givers(_ plans: [SeedPlan]) -> [FilePath] {
        givers(Set(plans.flatMap(\.taken).map(\.donor.worktree)))
    }

    /// The same, when it has been done.
    func givers(_ report: SeedReport) -> [FilePath] { givers(Set(report.taken.map(\.donor))) }

    private func givers(_ roots: Set<FilePath>) -> [FilePath] {
        [primary.worktree.path] + others.map(\.worktree.path).filter(roots.contains)
    }
}
