/// What a `HEAD` names.
public enum Head: Hashable, Sendable {
    /// A branch by its short name, with its commit; nil when it has none yet. A reference outside `refs/heads/`, which
    /// git never makes by itself, keeps its full name.
    case branch(String, ObjectID?)
    /// A commit, and no branch.
    case detached(ObjectID)
    /// Neither can be read out of the file.
    case unreadable

    /// The commit, where there is one.
    public var commit: ObjectID? {
        switch self {
        case .branch(_, let id): id
        case .detached(let id): id
        case .unreadable: nil
        }
    }

    /// The branch's short name, where there is a branch.
    public var branch: String? {
        if case .branch(let name, _) = self { name } else { nil }
    }
}
