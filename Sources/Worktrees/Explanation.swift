import CargoCache
import FileTree
import Git
import Seeding
import SystemPackage

/// What the next cargo build in a worktree would do, unit by unit, and why. Nothing is written to find out.
public struct Explanation: Sendable {
    /// The worktree.
    public let worktree: WorktreeRecord
    /// Its workspaces that cargo has built, or that have been built elsewhere.
    public let workspaces: [ExplainedWorkspace]
    /// The worktree that was compared with: what it has, this one could be seeded with.
    public let donor: FilePath?
    /// What has to be said besides.
    public let notes: [String]

    /// Explains the worktree that `name` means, or the one that the user stands in. Throws `Failure` when there is none,
    /// when its index cannot be read, or when cargo cannot say where it builds.
    public init(
        of name: String?, in repository: borrowing Repository, settings: Settings, currentDirectory: FilePath
    ) throws(Failure) {
        let location = repository.location
        let worktrees = try git { () throws(GitError) in try location.worktrees() }
        let worktree = try WorktreeSearch(worktrees, currentDirectory: currentDirectory).worktree(named: name ?? "@")
        guard !worktree.isBare, worktree.pruneReason == nil else {
            throw Failure(.refused, "\(worktree.path) has no files")
        }
        let environment = repository.environment
        let index = try git("cannot read the index of \(worktree.path)") { () throws(GitError) in
            try repository.index(of: worktree)
        }
        let manifests = index.lazy.map(\.path).filter { $0.lastComponent == "Cargo.toml" }
        var workspaces: [ExplainedWorkspace] = []
        do throws(BuildDirectory.Failure) {
            let built = try WorkspaceSearch.builtWorkspaces(
                manifests: Array(manifests), in: worktree.path, environment: environment)
            for (directory, buildDirectory) in built {
                workspaces.append(
                    ExplainedWorkspace(
                        root: worktree.path.appending(directory.components), directory: directory,
                        buildDirectory: buildDirectory.path, environment: environment))
            }
        } catch {
            throw Failure(
                .failed, "cargo cannot say where it builds in \(worktree.path): \(error)",
                hints: ["cargo metadata --no-deps, run there, says more"])
        }

        var notes: [String] = []
        var donorPath: FilePath?
        if let comparison = try DonorComparison(
            with: worktree, index, manifests: Array(manifests), among: worktrees, in: repository, settings: settings,
            currentDirectory: currentDirectory)
        {
            donorPath = comparison.donor
            notes += comparison.notes
            for plan in comparison.plans {
                let root = plan.recipient.root
                if let position = workspaces.firstIndex(where: { $0.root == root }) {
                    workspaces[position].addMissingUnits(of: plan)
                } else {
                    var workspace = ExplainedWorkspace(
                        root: root, directory: plan.recipient.directory, buildDirectory: plan.recipient.buildDirectory,
                        environment: environment)
                    workspace.addMissingUnits(of: plan)
                    workspaces.append(workspace)
                }
            }
        }
        self.worktree = worktree
        self.workspaces = workspaces
        donor = donorPath
        self.notes = notes
    }

    /// The units of all workspaces.
    public var units: [ExplainedUnit] { workspaces.flatMap(\.units) }
}
