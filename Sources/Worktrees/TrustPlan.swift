import FileTree
import Git
import SystemPackage

/// What `wt trust` shows: the commands of one worktree's `.wtconfig`, as it is on disk.
public struct TrustPlan: Sendable {
    /// The worktree's root.
    public let worktree: FilePath
    /// All commands, in the order of the events.
    public let commands: [HookCommand]
    /// Those that the user has not approved of.
    public let untrusted: [HookCommand]
    /// Why the record of what was approved of does not count, where there is one that does not.
    public let problem: String?

    private let trust: Trust

    /// Reads the file of the worktree that `name` means. Throws `Failure`: no such worktree, or a file that is not what
    /// it should be.
    public init(
        of name: String, in repository: borrowing Repository, currentDirectory: FilePath
    ) throws(Failure) {
        let location = repository.location
        let worktrees = try git { () throws(GitError) in try location.worktrees() }
        let found = try WorktreeSearch(worktrees, currentDirectory: currentDirectory).worktree(named: name)
        worktree = found.path
        commands = try TeamConfiguration(in: worktree)?.allCommands() ?? []
        trust = Trust(of: location, environment: repository.environment)
        let (approvals, problem) = trust.approvals()
        self.problem = problem
        let missing = Trust.approvals(of: commands).filter { !approvals.contains($0) }.map(\.event)
        untrusted = commands.filter { missing.contains($0.event) }
    }

    /// Records that the user approves of all `commands`, exactly those that were read. Throws `Failure`.
    public func approve() throws(Failure) { try trust.approve(commands) }
}
