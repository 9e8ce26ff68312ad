import Terminal
import Worktrees

extension Story {
    /// What `wt rm` did.
    func tell(_ result: RemovalResult) {
        say(
            "removed \(result.path): \(freed(result.freedBytes, result.sharedBytes, "freed"))\(result.branch.description)"
        )
        for note in result.notes { warn(note) }
    }
}

extension RemovalPlan {
    /// What would be done, in one line.
    var preview: String {
        "would remove \(worktree.path): \(freed(usage.exclusive, usage.shared, "would free"))\(branch.description)"
    }
}

extension RemovalPlan.BranchAction {
    fileprivate var description: String {
        switch self {
        case .none: ""
        case .delete(let name, let commit, let reason): "; branch '\(name)' deleted (\(reason); was \(commit.short))"
        case .keep(let name, let reason): "; branch '\(name)' kept (\(reason))"
        }
    }
}

private func freed(_ exclusive: Int64, _ shared: Int64, _ verb: String) -> String {
    let rest = shared > 0 ? ", \(ByteCount(shared)) stay, shared with other worktrees" : ""
    return "\(verb) \(ByteCount(exclusive))\(rest)"
}

/// `wt rm --json`, done or planned.
struct RemovalJSON: Encodable {
    struct Worktree: Encodable {
        let path: String
        let branch: String?
        let branchDeleted: Bool
        let branchReason: String?
        let bytesFreed: Int64
        let bytesShared: Int64
        let notes: [String]

        init(path: String, _ action: RemovalPlan.BranchAction, freed: Int64, shared: Int64, notes: [String]) {
            self.path = path
            switch action {
            case .none: (branch, branchDeleted, branchReason) = (nil, false, nil)
            case .delete(let name, _, let reason): (branch, branchDeleted, branchReason) = (name, true, reason)
            case .keep(let name, let reason): (branch, branchDeleted, branchReason) = (name, false, reason)
            }
            bytesFreed = freed
            bytesShared = shared
            self.notes = notes
        }
    }

    let version = 1
    let dryRun: Bool
    let worktrees: [Worktree]

    init(_ plans: [RemovalPlan]) {
        dryRun = true
        worktrees = plans.map {
            Worktree(
                path: $0.worktree.path.string, $0.branch, freed: $0.usage.exclusive, shared: $0.usage.shared, notes: [])
        }
    }

    init(_ results: [RemovalResult]) {
        dryRun = false
        worktrees = results.map {
            Worktree(
                path: $0.path.string, $0.branch, freed: $0.freedBytes, shared: $0.sharedBytes, notes: $0.notes)
        }
    }
}
