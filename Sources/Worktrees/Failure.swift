import Git

/// A command that was refused or failed, in the user's terms. Nothing of the user's is lost when one is thrown; what
/// was begun has been undone.
public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of end this is; `ExitCode` in the `wt` target turns it into a number.
    public enum Kind: Hashable, Sendable {
        /// The command line or a setting makes no sense.
        case usage
        /// It could be done, but would lose work or break something.
        case refused
        /// It was tried, and the system or git said no.
        case failed
        /// The user interrupted it.
        case interrupted
    }

    /// What kind of end this is.
    public let kind: Kind
    /// One sentence without a full stop: what was wrong.
    public let message: String
    /// What to do next: commands or advice, one a line.
    public let hints: [String]

    /// Makes a failure.
    public init(_ kind: Kind, _ message: String, hints: [String] = []) {
        self.kind = kind
        self.message = message
        self.hints = hints
    }

    /// The message.
    public var description: String { message }

    /// What git or libgit2 refused, with what was being done in front.
    public init(_ error: GitError, doing task: String? = nil) {
        let message = task.map { "\($0): \(error.message)" } ?? error.message
        switch error.kind {
        case .cancelled: self.init(.interrupted, "interrupted; nothing was changed")
        case .notARepository:
            self.init(.refused, message, hints: ["run wt inside a git repository, or name one with -C"])
        case .ownership:
            self.init(.refused, message, hints: ["git config --global --add safe.directory <path>"])
        default: self.init(.failed, message)
        }
    }
}

/// Runs git operations and turns their `GitError` into a `Failure`.
func git<Result>(
    _ task: String? = nil, _ body: () throws(GitError) -> Result
) throws(Failure) -> Result {
    do throws(GitError) { return try body() } catch { throw Failure(error, doing: task) }
}
