import CargoCache
import FileTree
import SystemPackage

/// A cargo workspace in a worktree, and where cargo builds it.
public struct CargoWorkspace: Hashable, Sendable {
    /// The root of the worktree, absolute.
    public var worktree: FilePath
    /// The workspace's root, relative to the worktree's; empty where they are the same.
    public var directory: FilePath
    /// Cargo's build directory, absolute: where intermediate artifacts are (the target directory, unless
    /// `build.build-dir` says otherwise).
    public var buildDirectory: FilePath
    /// The build directory around it, where it is nested in one (`target` for `target/rust-analyzer`); else the same.
    /// Nothing below it is a source file.
    public var outermostBuildDirectory: FilePath
    /// Roots of other workspaces of the worktree that can have units in the same build directory: a target directory
    /// that is set for the whole worktree, or a nested one that was made for another workspace.
    public var otherDirectories: [FilePath] = []

    /// Describes a workspace.
    public init(
        worktree: FilePath, directory: FilePath, buildDirectory: FilePath, outermostBuildDirectory: FilePath? = nil
    ) {
        self.worktree = worktree
        self.directory = directory
        self.buildDirectory = buildDirectory
        self.outermostBuildDirectory = outermostBuildDirectory ?? buildDirectory
    }

    /// The workspace's root, absolute.
    public var root: FilePath { worktree.appending(directory.components) }
}

/// What the caller knows of the source files: the engine itself has no idea of git.
public struct SourceState: Sendable {
    /// Whether a file, by its path relative to the worktree's root, has the same bytes in donor and recipient, and its
    /// mtime has been (or will be) made equal.
    public var isIdentical: @Sendable (FilePath) -> Bool
    /// When the recipient's files began to be written, or the donor's began to be looked at, whichever was earlier:
    /// what the donor compiled after this could be newer than a source file of the recipient that differs.
    public var since: FileTime
    /// Whether these files are all there is: every file that is tracked here or there.
    public var isComplete: Bool
    /// For a recipient that has been there for a while, a time at which its sources were what `isIdentical` says, and since
    /// when every change has a newer mtime: the private files of path packages' units get it as theirs. No source file's
    /// mtime is then made older, which could make something look fresh that was compiled before the file was changed.
    /// Nil for a recipient that has just been made: its identical files have the donor's mtimes, and all others are newer
    /// than anything that the donor has compiled.
    public var stamp: FileTime?

    /// Describes the sources.
    public init(
        since: FileTime, isComplete: Bool = false, stamp: FileTime? = nil,
        isIdentical: @escaping @Sendable (FilePath) -> Bool
    ) {
        self.isIdentical = isIdentical
        self.since = since
        self.isComplete = isComplete
        self.stamp = stamp
    }
}

/// Raw material of a plan: who gives, who receives, and under which rules.
public struct SeedRequest: Sendable {
    /// The primary donor: units of path packages come from here alone, since its sources are the ones that were
    /// compared.
    public var donor: CargoWorkspace
    /// More donors, the best first: what the primary one has not got of registry and git packages comes from them.
    public var others: [CargoWorkspace] = []
    /// Whose build directory is filled.
    public var recipient: CargoWorkspace
    /// The roots of all worktrees of the repository: none of these paths may be baked into a unit that is taken.
    public var worktreeRoots: [FilePath]
    /// What is known of the source files.
    public var sources: SourceState
    /// Most bytes that are written to blocks of their own.
    public var copyLimit: Int64
    /// Units of the recipient that are fresh, by their hash files relative to its build directory: they stay as they are.
    /// Others that it has give way to a donor's.
    public var freshUnits: Set<FilePath> = []
    /// Units of the primary donor that cargo would make anew there, by their hash files: with a stamp (`SourceState`) cargo
    /// could not tell that here.
    public var outdatedUnits: Set<FilePath> = []
    /// The primary donor's build directory, where somebody has read it already.
    public var donorGraph: BuildGraph?
    /// The recipient's build directory, where somebody has read it already.
    public var recipientTree: BuildTree?
    /// Whether only registry and git packages' units are wanted.
    public var onlyDependencies = false
    /// What the file systems can do.
    public var sharing = FileSystemSharing(links: true, clones: false)
    /// The line that the recipient's compiler calls itself (`CompilerVersion`); nil where it cannot be told. Asked only
    /// where the donor has units of several compilers.
    public var compiler: @Sendable () -> String? = { nil }
    /// What may be linked.
    public var rule: SharingRule
    /// Safety checks to leave out: empty in all but the tests that prove each check to be needed.
    public var disabledChecks: Set<SeedCheck> = []

    /// Describes a seeding.
    public init(
        donor: CargoWorkspace, recipient: CargoWorkspace, worktreeRoots: [FilePath], sources: SourceState,
        copyLimit: Int64 = SeedRequest.defaultCopyLimit, rule: SharingRule = .current
    ) {
        self.donor = donor
        self.recipient = recipient
        self.worktreeRoots = worktreeRoots
        self.sources = sources
        self.copyLimit = copyLimit
        self.rule = rule
    }

    /// What two build directories can share, as far as their file systems are concerned.
    public struct FileSystemSharing: Sendable {
        /// Whether hard links are possible.
        public var links: Bool
        /// Whether copies share their blocks (reflinks), and so cost nothing.
        public var clones: Bool

        /// Says what is possible.
        public init(links: Bool, clones: Bool) {
            self.links = links
            self.clones = clones
        }
    }

    /// One GiB. Copying pays in any case: 19 executables of together 191 MiB (with debug information; 2 cores, ext4, cargo
    /// 1.95) were copied in 0.3 to 0.4 s, 1.3 s with the disk's work, and compiled and linked anew in 9 to 11 s. So the
    /// limit is for the disk alone: what a worktree may cost that is made in a second.
    public static let defaultCopyLimit: Int64 = 1 << 30
}

/// The checks that keep a seeded worktree right, by name, so that a test can switch one off and show what breaks.
public enum SeedCheck: Sendable, CaseIterable {
    /// Units with a worktree's path in them stay cold.
    case bakedPaths
    /// Units compiled after the recipient's sources were written stay cold.
    case builtMeanwhile
    /// A unit that the donor rebuilds meanwhile is dropped.
    case readAgain
}
