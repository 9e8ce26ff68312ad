import FileTree
import Terminal
import Worktrees

extension Story {
    /// What `wt rm` did.
    func tell(_ result: RemovalResult) {
        let disk =
            result.usage.map { $0.text("freed", isUpperBound: result.isUpperBound) } ?? "its files are being deleted"
        let deed = result.wasGone ? "forgot \(result.path), which is not there" : "removed \(result.path): \(disk)"
        say(deed + result.branch.description)
        for note in result.notes { warn(note) }
        for hint in result.hints { self.hint(hint) }
    }
}

extension RemovalPlan {
    /// What would be done, in one line.
    var preview: String {
        let disk = usage.map { ": " + $0.text("would free", isUpperBound: isUpperBound) } ?? ""
        let path = worktree.path
        return (isGone ? "would forget \(path), which is not there" : "would remove \(path)\(disk)")
            + branch.description
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

extension DiskUsage {
    /// For example `would free at most 1.2 GiB, 30.0 MiB stay, shared with other worktrees`.
    func text(_ verb: String, isUpperBound: Bool = false) -> String {
        let rest = shared > 0 ? ", \(ByteCount(shared)) stay, shared with other worktrees" : ""
        return "\(verb) \(isUpperBound && exclusive > 0 ? "at most " : "")\(ByteCount(exclusive))\(rest)"
    }
}

/// `wt rm --json` and `wt prune --json`, done or planned.
struct RemovalJSON: Encodable {
    struct Worktree: Encodable {
        let path: String
        let branch: String?
        let branchDeleted: Bool
        let branchReason: String?
        /// Both are measured whenever this is printed.
        let bytesFreed: Int64?
        let bytesShared: Int64?
        let bytesFreedIsUpperBound: Bool
        let notes: [String]
        /// Of a dry run, where there are any.
        let hooks: [HookJSON]?

        init(
            path: String, _ action: RemovalPlan.BranchAction, _ usage: DiskUsage?, isUpperBound: Bool, notes: [String],
            hooks: [HookJSON]? = nil
        ) {
            self.hooks = hooks
            self.path = path
            bytesFreedIsUpperBound = isUpperBound
            switch action {
            case .none: (branch, branchDeleted, branchReason) = (nil, false, nil)
            case .delete(let name, _, let reason): (branch, branchDeleted, branchReason) = (name, true, reason)
            case .keep(let name, let reason): (branch, branchDeleted, branchReason) = (name, false, reason)
            }
            bytesFreed = usage?.exclusive
            bytesShared = usage?.shared
            self.notes = notes
        }
    }

    struct Kept: Encodable {
        let path: String
        let reason: String
    }

    let version = 1
    let dryRun: Bool
    let worktrees: [Worktree]
    /// Of `wt prune` only.
    let kept: [Kept]?

    init(_ plans: [RemovalPlan], kept: [PrunePlan.Kept]?) {
        self.kept = Self.kept(kept)
        dryRun = true
        worktrees = plans.map {
            Worktree(
                path: $0.worktree.path.string, $0.branch, $0.usage, isUpperBound: $0.isUpperBound, notes: [],
                hooks: HookJSON.list($0.hooks))
        }
    }

    private static func kept(_ kept: [PrunePlan.Kept]?) -> [Kept]? {
        kept?.map { Kept(path: $0.path.string, reason: $0.reason) }
    }

    init(_ results: [RemovalResult], kept: [PrunePlan.Kept]?) {
        self.kept = Self.kept(kept)
        dryRun = false
        worktrees = results.map {
            Worktree(
                path: $0.path.string, $0.branch, $0.usage, isUpperBound: $0.isUpperBound, notes: $0.notes)
        }
    }
}
