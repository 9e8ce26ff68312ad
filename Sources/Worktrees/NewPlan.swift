import FileTree
import Git
import Seeding
import SystemPackage

/// A worktree to be made: everything decided, nothing written. Every refusal happens while this is made.
public struct NewPlan: Sendable {
    /// What will be checked out.
    public let choice: BranchChoice
    /// Its commit.
    public let commit: ObjectID
    /// The new worktree's root, absolute. Another one is taken when somebody is faster (`begin`).
    public internal(set) var path: FilePath
    /// Why git itself makes the worktree; empty when it is made natively.
    public let obstacles: [Obstacle]
    /// Files that git writes in a worktree that is otherwise made natively, since attributes may change their bytes.
    public let conversions: Conversions
    /// The worktrees that units are taken from; nil when nothing is seeded.
    public let donors: Donors?
    /// Why nothing is seeded, where that is so.
    public let unseededReason: String?
    /// The reason of a lock to leave; nil leaves none.
    public let lockReason: String?

    let options: NewOptions
    let settings: Settings
    var worktrees: [WorktreeRecord]
    /// `path`, and where the worktree goes otherwise.
    let candidates: [FilePath]
    /// The commit's files; nil where libgit2 does not read this repository.
    let tree: TreeListing?
    let environment: [String: String]
    /// Where the user stands.
    let currentDirectory: FilePath

    /// Resolves the options. Throws `Failure`.
    public init(
        _ options: NewOptions, in repository: borrowing Repository, settings: Settings, currentDirectory: FilePath
    ) throws(Failure) {
        let location = repository.location
        // In this order: what is made no more when the first is read is registered when the second is.
        let made = try git { () throws(GitError) in try location.worktreesInTheMaking() }
        let worktrees = try git { () throws(GitError) in try location.worktrees() }
        let (choice, commit) = try BranchChoice.resolve(options, in: repository, worktrees: worktrees)
        self.choice = choice
        self.commit = commit
        self.options = options
        self.settings = settings
        self.worktrees = worktrees
        // git's own words for a lock without a reason.
        lockReason = options.lockReason == "" ? "added with --lock" : options.lockReason
        environment = repository.environment
        self.currentDirectory = currentDirectory
        try Self.refuse(choice, whileOthersMake: made)
        candidates = try WorktreePath.candidates(
            options, branch: choice.branch, commit: commit, template: settings.path, location: location,
            currentDirectory: currentDirectory)
        do throws(Failure) {
            path = try WorktreePath.resolve(candidates, worktrees: worktrees, made: made).first!
        } catch {
            // Somebody who was faster by a moment has the path because of the branch: that is the better reason.
            let local = choice.branch.flatMap { repository.localBranch($0) }
            try Self.refuse(choice, whileOthersMake: (try? location.worktreesInTheMaking()) ?? [])
            try BranchChoice.refuseChanged(choice, at: commit, now: local, (try? location.worktrees()) ?? worktrees)
            throw error
        }
        let way = repository.wayToCheckOut(commit)
        tree = way.tree
        obstacles = way.obstacles + (choice.branch.map { repository.obstacles(ofBranch: $0) } ?? [])
        conversions = obstacles.isEmpty ? way.conversions : Conversions()

        let search = WorktreeSearch(worktrees, currentDirectory: currentDirectory)
        let names = options.donors.isEmpty ? settings.donors(for: nil, search) : options.donors
        guard options.seeds, settings.seed != .none, names != ["none"] else {
            donors = nil
            unseededReason =
                !options.seeds || options.donors == ["none"]
                ? "as asked" : settings.seed == .none ? "wt.seed is 'none'" : "wt.from is 'none'"
            return
        }
        let manifests =
            if let tree {
                tree.paths(ofEntriesNamed: "Cargo.toml")
            } else {
                Self.manifests(of: worktrees, in: repository)
            }
        (donors, unseededReason) = try DonorChoice(
            commit: commit, tree: tree, manifests: manifests, search: search, environment: environment
        ).donors(named: names, in: repository)
    }

    /// Without a listing of the tree: what the first worktree with an index has.
    private static func manifests(of worktrees: [WorktreeRecord], in repository: borrowing Repository) -> [FilePath] {
        for worktree in worktrees {
            guard let index = try? repository.index(of: worktree) else { continue }
            return Array(index.lazy.map(\.path).filter(isManifest))
        }
        return []
    }

    private static func isManifest(_ path: FilePath) -> Bool { path.lastComponent == "Cargo.toml" }

    /// Whether libgit2 makes the worktree.
    public var isNative: Bool { obstacles.isEmpty }

    /// The primary donor.
    public var donor: Donor? { donors?.primary }

    /// The index of the primary donor; nil where it cannot be read (split or sparse), so that no source file is known to be
    /// identical.
    func donorIndex(in repository: borrowing Repository) -> IndexFile? {
        guard let donor else { return nil }
        return try? repository.index(of: donor.worktree)
    }
}
