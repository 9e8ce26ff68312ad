import FileTree
import Git
import Seeding
import SystemPackage

/// A worktree that was made.
public struct NewResult: Sendable {
    /// Its root.
    public let path: FilePath
    /// What it has checked out.
    public let choice: BranchChoice
    /// The commit.
    public let commit: ObjectID
    /// Why git itself made it; empty when it was made natively.
    public let obstacles: [Obstacle]
    /// The files that git wrote in a worktree that was otherwise made natively.
    public let conversions: Conversions
    /// The roots of the worktrees that units were taken from, the primary donor first.
    public let donors: [FilePath]
    /// Why nothing was seeded, where that is so.
    public let unseededReason: String?
    /// What the seeding did.
    public let seed: SeedReport
    /// The files that git ignores and that were copied; nil where no worktree has any to give.
    public let included: Included?
    /// What went otherwise than asked, and the user should know.
    public let notes: [String]
    /// What can be done about a note, in a line each.
    public let hints: [String]
    /// What git, its hooks and filters wrote to standard error, where git made the worktree. A hook that is run for a
    /// native worktree writes there itself.
    public let said: [UInt8]
    let subject: HookSubject
    /// Whether the worktree is there: a hook can have removed it.
    public var isThere: Bool { FileStatus.ifPresent(path) != nil }
    /// How long the checkout took, and the seeding.
    public let durations: (checkout: Duration, seeding: Duration)

    /// What stays cold by its nature: no reason for a warning.
    public var knownLimits: [String] { KnownLimits.lines(of: seed.cold) }

    /// The environment of a command that is run there afterwards: that of a hook, but for the event.
    public func environment(base: [String: String]) -> [String: String] { subject.environment(nil, base: base) }

    /// Whether the worktree is less warm than was asked for, for a reason worth acting on.
    public var isLessWarm: Bool { seed.isLessWarm || !notes.isEmpty }
}

/// How far `wt new` is.
public enum NewProgress: Sendable {
    /// Files written, of so many.
    case checkout(done: Int, total: Int)
    /// A hook begins, git's `post-checkout` or one of wt's own, and writes to standard error itself.
    case hook
    /// Units taken, of so many.
    case seeding(done: Int, total: Int)
}
