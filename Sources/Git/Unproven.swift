/// Why the status of a worktree is left to git.
struct Unproven: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
