/// How far two commits are apart.
public struct Divergence: Hashable, Sendable {
    /// Commits that are reachable from the first alone.
    public var ahead = 0
    /// Commits that are reachable from the second alone.
    public var behind = 0

    /// A commit and itself.
    public init() {}

    /// Two commits that are so far apart.
    public init(ahead: Int, behind: Int) {
        self.ahead = ahead
        self.behind = behind
    }
}
