/// What goes by a repository's configuration as it is at this moment, and not as it was when the repository was opened: for
/// what has to be known at the moment at which it is acted upon.
public struct RepositoryNow: Sendable {
    /// Tells the status of its worktrees.
    public let status: StatusReader
    /// Whether a branch may be deleted without git (`BranchFile`).
    let deletesBranchFiles: Bool

    /// Reads the configuration anew. Where that cannot be done, git is asked for everything.
    public init(_ repository: borrowing Repository) {
        if let opened = repository.openedAnew() {
            status = StatusReader(opened)
            deletesBranchFiles = BranchFile.mayBeDeleted(in: opened)
        } else {
            let reason = repository.refusal?.reason ?? "the repository cannot be opened any more"
            status = StatusReader(environment: repository.environment, native: nil, obstacle: reason)
            deletesBranchFiles = false
        }
    }
}

extension Repository {
    /// The same repository, seen from its common directory; nil where libgit2 is of no use, or there is another one now.
    func openedAnew() -> Repository? {
        guard refusal == nil,
            let opened = try? Repository(opening: location.commonDirectory, environment: environment),
            opened.location.commonDirectory == location.commonDirectory
        else { return nil }
        return opened
    }
}
