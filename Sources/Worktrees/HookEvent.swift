/// When a hook runs.
public enum HookEvent: String, CaseIterable, Sendable {
    /// In a worktree that `wt new` has made, seeded and all.
    case postNew = "post-new"
    /// In a worktree that is about to be removed; it can hold that back.
    case preRemoval = "pre-rm"
    /// In the main worktree, when one has been removed.
    case postRemoval = "post-rm"

    /// The key of its commands.
    var key: String { "wt.hook.\(rawValue)" }
}

/// A line of shell that runs at an event.
public struct HookCommand: Hashable, Sendable {
    /// When.
    public let event: HookEvent
    /// The line, for `sh -c`.
    public let text: String
    /// Whether it comes with the repository, in `.wtconfig`, and not from the user's own configuration.
    public let isFromRepository: Bool

    /// Describes a command.
    public init(_ event: HookEvent, _ text: String, isFromRepository: Bool) {
        self.event = event
        self.text = text
        self.isFromRepository = isFromRepository
    }
}
