import Git
import Seeding
import SystemPackage

/// wt's settings: keys of git's configuration, so that they can be global, for a repository or for a worktree; and of
/// `.wtconfig`, so that they can be a team's. `Setting.all` has what each is for.
///
/// The commands that go by settings (`wt new`, `seed`, `explain`, `rm` and `prune`) refuse to run with one that makes no
/// sense. The others do not look at them: a slip is no reason not to show the worktrees that there are.
public struct Settings: Sendable {
    /// What is seeded.
    public enum Seed: String, CaseIterable, Sendable {
        /// Everything that may be.
        case all
        /// No package of the repository's own.
        case deps
        /// Nothing: a worktree as git makes it.
        case none
    }

    /// When a removed worktree's branch is deleted.
    public enum BranchDelete: String, CaseIterable, Sendable {
        /// When its work is merged.
        case merged
        /// Never, unless the user says so.
        case never
    }

    /// `wt.path`: where a new worktree goes.
    public var path = PathTemplate.standard
    /// `wt.seed`: what is taken from other worktrees.
    public var seed = Seed.all
    /// `wt.from`: the worktrees to take units from; `none` alone stands for nothing, an empty list for the best ones.
    public var donors: [String] = []
    /// `wt.copyLimit`: most bytes of executables that are copied because they must not be linked.
    public var copyLimit = SeedRequest.defaultCopyLimit
    /// `wt.branchDelete`: what becomes of branches.
    public var branchDelete = BranchDelete.merged
    /// `wt.hook.*`: the user's own commands. Those of `.wtconfig` depend on the worktree that an event is about
    /// (`HookPlan`).
    public var hooks: [HookEvent: [HookCommand]] = [:]

    /// The defaults.
    public init() {}

    /// Reads git's configuration. Throws `Failure` for a value that makes no sense, and for a `wt.` key that does not
    /// exist.
    public init(_ configuration: Configuration) throws(Failure) {
        try read(Setting.Source(configuration: configuration, isFromRepository: false))
    }

    /// The same, and what is not set there from the `.wtconfig` of the worktree that the repository is seen from, as it
    /// is on disk: the settings of a command are those of the place where it is given, and what the user has set himself
    /// counts more than what comes with a commit. Throws `Failure`, also for a `.wtconfig` that cannot be read.
    public init(for repository: borrowing Repository) throws(Failure) {
        if let root = repository.location.workingTree, let team = try TeamConfiguration(in: root) {
            try read(Setting.Source(configuration: team.configuration, isFromRepository: true))
            hooks = [:]
        }
        try read(Setting.Source(configuration: repository.configuration, isFromRepository: false))
    }

    /// `wt.from`, less what means no worktree, or the one that is to be seeded: a name that a team has set need not be in
    /// everybody's repository.
    func donors(for recipient: WorktreeRecord?, _ search: WorktreeSearch) -> [String] {
        // Who asks for a worktree to be seeded wants something to be taken.
        if donors == ["none"] { return recipient == nil ? donors : [] }
        return donors.filter { name in
            guard let worktree = try? search.worktree(named: name) else { return false }
            return worktree != recipient && !worktree.isBare && worktree.pruneReason == nil
        }
    }

    mutating func read(_ source: Setting.Source) throws(Failure) {
        try source.refuseUnknownKeys()
        for setting in Setting.all where source.configuration.hasKey(setting.key) {
            try setting.read(source, &self)
        }
    }
}
