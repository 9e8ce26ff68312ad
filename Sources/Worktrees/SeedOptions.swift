/// What the user asked of `wt seed`, unchecked.
public struct SeedOptions: Sendable {
    /// The worktree, as the user names it.
    public var name = "@"
    /// The worktrees to take units from; an empty list lets wt choose.
    public var donors: [String] = []

    /// Asks for the worktree that the user stands in.
    public init() {}
}
