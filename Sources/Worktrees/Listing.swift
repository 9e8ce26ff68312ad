import FileTree
import Git
import SystemPackage

/// What `wt list` shows.
public struct Listing: Sendable {
    /// Something that takes a while to find out.
    public enum Found<Value: Sendable>: Sendable {
        /// Not found out yet.
        case pending
        /// Found out.
        case known(Value)

        /// The value, once it is known.
        public var value: Value? { if case .known(let value) = self { value } else { nil } }
        /// Whether it is not known yet.
        public var isPending: Bool { if case .pending = self { true } else { false } }
    }

    /// What to look at.
    public struct Options: Sendable {
        /// Whether to look into build directories.
        public var sizes = true
        /// Whether to list local branches that no worktree has checked out.
        public var branches = false

        /// Every worktree, with the sizes of its build directories.
        public init() {}
    }

    /// One worktree.
    public struct Row: Sendable {
        /// Branch, path, lock and so on.
        public let worktree: WorktreeRecord
        /// Whether the user stands in it.
        public let isCurrent: Bool
        /// What git says of its files; nil where there are none, or where git cannot say.
        public internal(set) var status: Found<WorkingTreeStatus?>
        /// Why git cannot say.
        public internal(set) var statusFailure: String?
        /// How its commit stands to others.
        public internal(set) var history: History
        /// What its build directories take; nil when it was not asked for or cannot be measured.
        public internal(set) var cache: Found<CacheSize?>
        /// When it was last used (`WorktreeRecord.lastUse`); cargo's use counts only where sizes were asked for.
        public internal(set) var lastUse: Found<FileTime?>
    }

    /// One local branch that no worktree has checked out.
    public struct Branch: Sendable {
        /// The short name.
        public let name: String
        /// Where it is.
        public let commit: ObjectID
        /// How it stands to others.
        public internal(set) var history: History
    }

    /// How a commit stands to its branch's upstream and to the default branch.
    public struct History: Sendable {
        /// What the branch follows; nil when it follows nothing.
        public let upstream: UpstreamBranch?
        /// How far it is from there; nil where there is no upstream, or where git cannot say.
        public internal(set) var fromUpstream: Found<Divergence?>
        /// How far it is from the default branch; nil for that branch itself, and where git cannot say.
        public internal(set) var fromDefault: Found<Divergence?>
        /// Where all its work is; nil when that is nowhere else, or cannot be proven.
        public internal(set) var merged: Found<MergedInto?>
    }

    /// What has all the work of a commit, and why it counts as being there.
    public struct MergedInto: Hashable, Sendable {
        /// The default branch, or what that follows, by its short name.
        public let target: String
        /// Why.
        public let how: Merged
    }

    /// What the build directories of a worktree take.
    public struct CacheSize: Hashable, Sendable {
        /// In bytes.
        public let usage: DiskUsage
        /// Whether a removal may free less than `usage.exclusive`, since the file system can share blocks between files.
        public let exclusiveIsUpperBound: Bool
    }

    /// The main worktree first, the others by path, as `git worktree list` has them.
    public internal(set) var rows: [Row]
    /// Where they were asked for, by name.
    public internal(set) var branches: [Branch]
    /// The default branch by its short name; nil when there is none.
    public let defaultBranch: String?

    /// Looks at every worktree, several at a time. Throws `Failure` when the repository's registrations cannot be read;
    /// what fails in one worktree is said in its row.
    public init(
        of repository: borrowing Repository, currentDirectory: FilePath, options: Options = Options()
    ) throws(Failure) {
        self = try ListingWork(of: repository, currentDirectory: currentDirectory, options: options).run()
    }

    init(rows: [Row], branches: [Branch], defaultBranch: String?) {
        self.rows = rows
        self.branches = branches
        self.defaultBranch = defaultBranch
    }
}
