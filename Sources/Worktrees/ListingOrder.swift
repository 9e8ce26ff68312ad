import FileTree
import Git

extension Listing {
    /// What the worktrees are sorted by.
    public enum Order: String, CaseIterable, Sendable {
        /// By path, as `git worktree list` has them.
        case path
        /// By branch; those without one come last.
        case branch
        /// By when they were last used, the latest first.
        case age
        /// By what removing the cache would free, the most first.
        case cache
        /// Those that need attention first: broken, in conflict or in the middle of something, changed, clean.
        case state
    }

    /// The same worktrees in another order. The main worktree stays first; those that are equal stay as they were.
    /// Branches without a worktree stay sorted by name.
    public func sorted(by order: Order) -> Listing {
        func sort<Key: Comparable>(_ key: (Row) -> Key) -> [Row] {
            let keyed = rows.enumerated().map { (isMain: $1.worktree.isMain, key: key($1), position: $0) }
            return keyed.sorted { a, b in
                if a.isMain != b.isMain { return a.isMain }
                return a.key == b.key ? a.position < b.position : a.key < b.key
            }.map { rows[$0.position] }
        }
        var result = self
        switch order {
        case .path: break
        case .branch:
            // No name of a branch is empty, and none contains what stands here for the lack of one.
            result.rows = sort { $0.worktree.head.branch ?? "\u{10ffff}" }
        // The complement turns the order round, as the negative does, of which the least number has none.
        case .age: result.rows = sort { ~($0.lastUse.value.flatMap { $0?.seconds } ?? 0) }
        case .cache: result.rows = sort { -($0.cache.value.flatMap { $0?.usage.exclusive } ?? 0) }
        case .state: result.rows = sort(\.calmness)
        }
        return result
    }
}

extension Listing.Row {
    /// Less is more urgent.
    fileprivate var calmness: Int {
        if worktree.pruneReason != nil || statusFailure != nil { return 0 }
        let status = status.value ?? nil
        if !worktree.operations.isEmpty || (status?.conflicted ?? 0) > 0 { return 1 }
        return status?.isClean == false ? 2 : 3
    }
}
