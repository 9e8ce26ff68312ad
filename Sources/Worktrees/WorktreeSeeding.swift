import CargoCache
import FileTree
import Git
import Seeding
import SystemPackage

/// The seeding of a worktree that is there already, made by git, an agent or an IDE, or fallen behind: everything
/// decided, nothing written. No source file is touched by it: the units that are taken get mtimes that fit.
public struct WorktreeSeeding: Sendable {
    /// The worktree.
    public let worktree: WorktreeRecord
    /// The worktrees that units are taken from; nil when nothing is seeded.
    public let donors: Donors?
    /// Why nothing is seeded, where that is so.
    public let unseededReason: String?

    let settings: Settings
    let manifests: [FilePath]
    let worktrees: [WorktreeRecord]
    let environment: [String: String]

    /// Resolves the options. Throws `Failure`: no such worktree, none with files, a donor that does not exist, or that
    /// is the worktree itself.
    public init(
        _ options: SeedOptions, in repository: borrowing Repository, settings: Settings, currentDirectory: FilePath
    ) throws(Failure) {
        let location = repository.location
        let worktrees = try git { () throws(GitError) in try location.worktrees() }
        let search = WorktreeSearch(worktrees, currentDirectory: currentDirectory)
        let worktree = try search.worktree(named: options.name)
        guard !worktree.isBare, FileStatus.ifPresent(worktree.path)?.kind == .directory else {
            throw Failure(.refused, "cannot seed \(worktree.path): it has no files", hints: ["wt list"])
        }
        for name in options.donors where try search.worktree(named: name) == worktree {
            throw Failure(.usage, "cannot seed \(worktree.path) from itself")
        }
        guard let commit = worktree.head.commit else {
            throw Failure(.refused, "cannot seed \(worktree.path): it has no commit checked out")
        }
        let donors = options.donors.isEmpty ? settings.donors(for: worktree, search) : options.donors
        try self.init(
            of: worktree, at: commit, from: donors, in: repository, settings: settings, search: search)
    }

    /// The seeding of `worktree`, whose commit is `commit`, from the donors that are named, or from the best ones.
    init(
        of worktree: WorktreeRecord, at commit: ObjectID, from donors: [String], in repository: borrowing Repository,
        settings: Settings, search: WorktreeSearch
    ) throws(Failure) {
        self.worktree = worktree
        worktrees = search.worktrees
        self.settings = settings
        environment = repository.environment
        let index = try git("cannot read the index of \(worktree.path)") { () throws(GitError) in
            try repository.index(of: worktree)
        }
        manifests = index.paths(ofEntriesNamed: "Cargo.toml")
        (self.donors, unseededReason) = try DonorChoice(
            commit: commit, tree: repository.wayToCheckOut(commit).tree, manifests: manifests, search: search,
            recipient: worktree, environment: environment
        ).donors(named: donors, in: repository)
    }

    /// What seeding would do, for `--dry-run`.
    public func preview(in repository: borrowing Repository) throws(Failure) -> (plans: [SeedPlan], notes: [String]) {
        guard let donors else { return ([], []) }
        return try warmUp(donors, in: repository).plans()
    }

    /// Seeds it. Throws `Failure`, with nothing changed, when cargo is at work in the worktree. What goes wrong with
    /// single units is in the result.
    public func run(
        in repository: borrowing Repository, progress: (Int, Int) -> Void = { _, _ in },
        isCancelled: () -> Bool = { false }
    ) throws(Failure) -> WorktreeSeedingResult {
        let clock = ContinuousClock()
        let start = clock.now
        var result = WorktreeSeedingResult(
            path: worktree.path, unseededReason: unseededReason)
        if let donors {
            let locks = try lock()
            var warmUp = try warmUp(donors, in: repository)
            warmUp.locks = locks
            (result.seed, result.notes, _) = warmUp.run(progress: progress, isCancelled: isCancelled)
            withExtendedLifetime(locks) {}
            result.donors = donors.givers(result.seed)
        }
        result.duration = clock.now - start
        return result
    }

    private func warmUp(_ donors: Donors, in repository: borrowing Repository) throws(Failure) -> WarmUp {
        // What is written from this moment on is newer.
        let stamp = FileTime.now().predecessor
        let identical = try identicalFiles(donors.primary, in: repository, until: stamp)
        return WarmUp(
            donors: donors, recipient: worktree.path, worktrees: worktrees,
            sources: SourceState(
                since: stamp, isComplete: identical.isComplete, stamp: stamp, isIdentical: identical.contains),
            directories: identical.directories,
            settings: settings, environment: environment)
    }

    /// Nobody but cargo knows the locks of its profile directories; while they are held it waits. Throws `Failure` when
    /// it is at work itself.
    private func lock() throws(Failure) -> [FileLock] {
        var locks: [FileLock] = []
        let built = try Donor(worktree, manifests: manifests, environment: environment)
        for directory in Set(built.workspaces.map(\.buildDirectory.path)) {
            guard let held = BuildDirectory.lock(directory) else {
                throw Failure(
                    .refused, "cannot seed \(worktree.path): cargo is building in it", hints: ["wait for the build"])
            }
            locks += held
        }
        return locks
    }

    /// Files that are clean here, not newer than `stamp`, and the same in the donor.
    private func identicalFiles(
        _ donor: Donor, in repository: borrowing Repository, until stamp: FileTime
    ) throws(Failure) -> IdenticalFiles {
        guard let theirs = try? repository.index(of: donor.worktree) else { return IdenticalFiles() }
        let ours = try git("cannot read the index of \(worktree.path)") { () throws(GitError) in
            try repository.index(of: worktree)
        }
        var identical = SourceComparison(ours, with: theirs, of: donor.worktree.path)
            .standing(ours, in: worktree.path, until: stamp)
        identical.removeSymlinksToOthers(donor: donor.worktree.path, recipient: worktree.path)
        return identical
    }
}

/// A worktree that was seeded.
public struct WorktreeSeedingResult: Sendable {
    /// Its root.
    public let path: FilePath
    /// The roots of the worktrees that units were taken from, the primary donor first.
    public internal(set) var donors: [FilePath] = []
    /// Why nothing was seeded, where that is so.
    public let unseededReason: String?
    /// What the seeding did.
    public internal(set) var seed = SeedReport()
    /// What went otherwise than asked, and the user should know.
    public internal(set) var notes: [String] = []
    /// How long it took.
    public internal(set) var duration = Duration.zero

    /// Whether the worktree is less warm than was asked for, for a reason worth acting on.
    public var isLessWarm: Bool { seed.isLessWarm || !notes.isEmpty }
}
