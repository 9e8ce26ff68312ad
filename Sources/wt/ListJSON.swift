import Git
import Worktrees

/// `wt list --json`, as `ListJSON.schema` describes it.
struct ListJSON: Encodable {
    struct Status: Encodable {
        let staged: Int
        let modified: Int
        let untracked: Int
        let conflicted: Int
    }

    struct Cache: Encodable {
        let bytesExclusive: Int64
        let bytesExclusiveIsUpperBound: Bool
        let bytesTotal: Int64
    }

    struct Upstream: Encodable {
        let name: String
        let isGone: Bool
        let ahead: Int?
        let behind: Int?
    }

    struct Default: Encodable {
        let ahead: Int
        let behind: Int
    }

    struct MergedInto: Encodable {
        let into: String
        let how: String
    }

    struct Branch: Encodable {
        let branch: String
        let commit: String
        let upstream: Upstream?
        let fromDefaultBranch: Default?
        let merged: MergedInto?

        init(_ branch: Listing.Branch) {
            self.branch = branch.name
            commit = branch.commit.description
            upstream = branch.history.upstreamJSON
            fromDefaultBranch = branch.history.defaultJSON
            merged = branch.history.mergedJSON
        }
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
        let statusFailure: String?
        let operations: [String]
        let locked: String?
        let prunable: String?
        let upstream: Upstream?
        let fromDefaultBranch: Default?
        let merged: MergedInto?
        let cache: Cache?
        let lastUse: Int64?

        init(_ row: Listing.Row) {
            let worktree = row.worktree
            path = worktree.path.string
            branch = worktree.head.branch
            commit = worktree.head.commit?.description
            isMain = worktree.isMain
            isCurrent = row.isCurrent
            isBare = worktree.isBare
            if case .detached = worktree.head { isDetached = true } else { isDetached = false }
            let found = row.status.value ?? nil
            isClean = found?.isClean
            status = found.map {
                Status(staged: $0.staged, modified: $0.modified, untracked: $0.untracked, conflicted: $0.conflicted)
            }
            statusFailure = row.statusFailure
            operations = worktree.operations.map(\.rawValue)
            locked = worktree.lockReason
            prunable = worktree.pruneReason
            upstream = row.history.upstreamJSON
            fromDefaultBranch = row.history.defaultJSON
            merged = row.history.mergedJSON
            cache = (row.cache.value ?? nil).map {
                Cache(
                    bytesExclusive: $0.usage.exclusive, bytesExclusiveIsUpperBound: $0.exclusiveIsUpperBound,
                    bytesTotal: $0.usage.total)
            }
            lastUse = (row.lastUse.value ?? nil)?.seconds
        }
    }

    let version = 1
    let defaultBranch: String?
    let worktrees: [Worktree]
    let branches: [Branch]?

    /// `branches` says whether branches without a worktree were asked for.
    init(_ listing: Listing, branches: Bool) {
        defaultBranch = listing.defaultBranch
        worktrees = listing.rows.map(Worktree.init)
        self.branches = branches ? listing.branches.map(Branch.init) : nil
    }
}

extension Listing.History {
    fileprivate var upstreamJSON: ListJSON.Upstream? {
        upstream.map { upstream in
            let divergence = fromUpstream.value ?? nil
            return ListJSON.Upstream(
                name: upstream.shortName, isGone: upstream.commit == nil, ahead: divergence?.ahead,
                behind: divergence?.behind)
        }
    }

    fileprivate var defaultJSON: ListJSON.Default? {
        (fromDefault.value ?? nil).map { ListJSON.Default(ahead: $0.ahead, behind: $0.behind) }
    }

    fileprivate var mergedJSON: ListJSON.MergedInto? {
        (merged.value ?? nil).map { ListJSON.MergedInto(into: $0.target, how: $0.how.jsonName) }
    }
}

extension Merged {
    /// Part of the documented shape.
    fileprivate var jsonName: String {
        switch self {
        case .ancestor: "ancestor"
        case .sameTree: "sameTree"
        case .patches: "patches"
        case .squashed: "squashed"
        }
    }
}
