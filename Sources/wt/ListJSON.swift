import Git
import Worktrees

/// `wt list --json`.
struct ListJSON: Encodable {
    struct Status: Encodable {
        let staged: Int
        let modified: Int
        let untracked: Int
        let conflicted: Int
    }

    struct Cache: Encodable {
        let bytesExclusive: Int64
        let bytesTotal: Int64
    }

    struct Worktree: Encodable {
        let path: String
        let branch: String?
        let commit: String?
        let isMain: Bool
        let isCurrent: Bool
        let isBare: Bool
        let isDetached: Bool
        let isClean: Bool?
        let status: Status?
        let operations: [String]
        let locked: String?
        let prunable: String?
        let cache: Cache?

        init(_ row: Listing.Row) {
            let worktree = row.worktree
            path = worktree.path.string
            branch = worktree.head.branch
            commit = worktree.head.commit?.description
            isMain = worktree.isMain
            isCurrent = row.isCurrent
            isBare = worktree.isBare
            if case .detached = worktree.head { isDetached = true } else { isDetached = false }
            isClean = row.status?.isClean
            status = row.status.map {
                Status(staged: $0.staged, modified: $0.modified, untracked: $0.untracked, conflicted: $0.conflicted)
            }
            operations = worktree.operations.map(\.rawValue)
            locked = worktree.lockReason
            prunable = worktree.pruneReason
            cache = row.cache.map { Cache(bytesExclusive: $0.exclusive, bytesTotal: $0.total) }
        }
    }

    let version = 1
    let worktrees: [Worktree]

    init(_ listing: Listing) { worktrees = listing.rows.map(Worktree.init) }
}
