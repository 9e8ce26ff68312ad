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
    /// The worktrees that were compared with, the primary donor first: what they have, this one could be seeded with.
    public let donors: [FilePath]
    /// What has to be said besides.
    public let notes: [String]

    /// Explains the worktree that `name` means, or the one that the user stands in. Throws `Failure` when there is none,
    /// when its index cannot be read, or when cargo cannot say where it builds.
    public init(
        of name: String?, in repository: borrowing Repository, settings: Settings, currentDirectory: FilePath
    ) throws(Failure) {
        let location = repository.location
        let worktrees = try git { () throws(GitError) in try location.worktrees() }
        let search = WorktreeSearch(worktrees, currentDirectory: currentDirectory)
        let worktree = try search.worktree(named: name ?? "@")
        guard !worktree.isBare, worktree.pruneReason == nil else {
            throw Failure(.refused, "\(worktree.path) has no files")
        }
        let environment = repository.environment
        let index = try git("cannot read the index of \(worktree.path)") { () throws(GitError) in
            try repository.index(of: worktree)
        }
        let manifests = index.paths(ofEntriesNamed: "Cargo.toml")
        let built = try Donor(worktree, manifests: Array(manifests), environment: environment)
        var workspaces = built.workspaces.compactMap(built.cargoWorkspace).map {
            ExplainedWorkspace($0, environment: environment)
        }
        var notes: [String] = []
        var donors: [FilePath] = []
        if let commit = worktree.head.commit {
            let seeding = try WorktreeSeeding(
                of: worktree, at: commit, from: [], in: repository, settings: settings, search: search)
            donors = seeding.donors?.all.map(\.worktree.path) ?? []
            let (plans, more) = try seeding.preview(in: repository)
            notes += more
            for plan in plans {
                let place = plan.recipient.buildDirectory
                if let position = workspaces.firstIndex(where: { $0.buildDirectory == place }) {
                    workspaces[position].addMissingUnits(of: plan)
                } else {
                    var workspace = ExplainedWorkspace(plan.recipient, environment: environment)
                    workspace.addMissingUnits(of: plan)
                    workspaces.append(workspace)
                }
            }
        }
        self.worktree = worktree
        self.workspaces = workspaces
        self.donors = donors
        self.notes = notes
    }

    /// The units of all workspaces.
    public var units: [ExplainedUnit] { workspaces.flatMap(\.units) }
}
