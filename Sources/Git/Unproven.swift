/// Why the status of a worktree is left to git.
struct Unproven: Error {
    let reason: String
    /// Whether git is not to be asked either, since it would wait for ever.
    let holdsUpGit: Bool

    init(_ reason: String, holdsUpGit: Bool = false) {
        self.reason = reason
        self.holdsUpGit = holdsUpGit
    }
}
