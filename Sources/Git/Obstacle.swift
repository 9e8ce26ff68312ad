/// Something that makes working through libgit2 wrong, or that it refuses. Not a fault of the repository: git itself
/// is then run for the same step.
public struct Obstacle: Error, Hashable, Sendable, CustomStringConvertible {
    /// What it is.
    public enum Kind: Hashable, Sendable {
        /// The caller asked for git.
        case requested
        /// A variable that libgit2 does not read; its name.
        case environment(String)
        /// libgit2 does not open the repository: ownership, an unknown extension, a format.
        case refusedByLibgit2
        /// A configuration key with a value that libgit2 does not act on, or acts on differently.
        case configuration(String)
        /// A file inside the git directory with the same effect, as seen from there.
        case repositoryFile(String)
        /// A hook that git would run meanwhile; its name.
        case hook(String)
        /// An attribute in one of the attribute files that changes what is written.
        case attribute(String)
        /// An entry of the tree that git might refuse, or check out in a special way.
        case treeEntry
    }

    /// What it is.
    public let kind: Kind
    /// A clause for people that completes "git itself is used, because …", for example
    /// `the repository has a sparse checkout (core.sparseCheckout)`.
    public let reason: String

    /// Makes one; `reason` completes the clause.
    public init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    /// The reason.
    public var description: String { reason }
}
