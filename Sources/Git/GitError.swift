import CLibGit2
import FileTree
import SystemPackage

/// What git, libgit2 or a repository's files refused, and why.
public struct GitError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for callers that act on it.
    public enum Kind: Hashable, Sendable {
        /// No repository at the place that was named, or in a directory above it.
        case notARepository
        /// `HEAD` names a branch that has no commit yet.
        case unbornHead
        /// No such reference, commit, worktree or file.
        case notFound
        /// More than one thing goes by the name.
        case ambiguous
        /// Not a name that git accepts.
        case invalidName
        /// Something of that name is there already.
        case exists
        /// The repository needs a feature that is not understood here; the feature's own name.
        case unsupported(feature: String)
        /// The repository belongs to somebody else, and `safe.directory` does not name it.
        case ownership
        /// A reference is no longer what the caller expected.
        case moved
        /// The caller's `isCancelled` said so.
        case cancelled
        /// The `git` executable failed with this exit status.
        case command(status: Int32)
        /// Anything else.
        case other
    }

    /// What went wrong, for callers that act on it.
    public let kind: Kind
    /// One sentence for people, without a full stop.
    public let message: String

    /// Makes an error.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// A refusal of the file system.
    init(_ error: FileError) {
        let kind: Kind =
            switch error.code {
            case .noSuchFileOrDirectory: .notFound
            case .fileExists: .exists
            default: .other
            }
        self.init(kind, error.description)
    }

    /// The message.
    public var description: String { message }
}

/// Runs file operations and turns their `FileError` into a `GitError`.
@discardableResult
func files<Result: ~Copyable>(_ body: () throws(FileError) -> Result) throws(GitError) -> Result {
    do throws(FileError) { return try body() } catch { throw GitError(error) }
}
