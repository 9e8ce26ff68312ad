import SystemPackage

/// What the user asked of `wt new`, unchecked.
public struct NewOptions: Sendable {
    /// The branch, or with `detach` the commit to check out.
    public var name: String
    /// Where a new branch starts; nil is `HEAD`.
    public var startPoint: String?
    /// Where the worktree goes; nil is the path template. Relative to the current directory.
    public var path: FilePath?
    /// Check out a commit, and no branch.
    public var detach = false
    /// `--track` or `--no-track`; nil leaves it to `branch.autoSetupMerge`.
    public var track: Bool?
    /// The worktrees to take units from; `none` alone stands for nothing, and an empty list lets wt choose.
    public var donors: [String] = []
    /// Whether to seed at all.
    public var seeds = true
    /// Whether wt's own hooks run; git's `post-checkout` is a part of what `git worktree add` does, and runs in any case.
    public var runsHooks = true
    /// Whether to copy the files that git ignores and that `.worktreeinclude` asks for.
    public var includes = true
    /// The reason of a lock to leave on the worktree, empty for none; nil leaves no lock.
    public var lockReason: String?

    /// Asks for a worktree on `name`.
    public init(_ name: String) { self.name = name }
}
