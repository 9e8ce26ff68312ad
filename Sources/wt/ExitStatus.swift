import ArgumentParser
import Worktrees

/// Every number that `wt` can end with.
enum ExitStatus {
    /// Refused or failed; nothing of the user's is lost.
    static let failure = ExitCode(1)
    /// Done, with a warning worth acting on.
    static let warning = ExitCode(2)
    /// The command line or a setting makes no sense (EX_USAGE, which ArgumentParser uses too).
    static let usage = ExitCode(64)
    /// Interrupted, and undone.
    static let interrupted = ExitCode(130)

    static func of(_ failure: Failure) -> ExitCode {
        switch failure.kind {
        case .usage: usage
        case .refused, .failed: Self.failure
        case .interrupted: interrupted
        }
    }
}
