import Git

/// Decides what becomes of a removed worktree's branch.
struct BranchDisposal {
    let worktree: WorktreeRecord
    let worktrees: [WorktreeRecord]
    let options: RemovalOptions
    let targets: MergeTargets

    func action(in repository: borrowing Repository) throws(Failure) -> RemovalPlan.BranchAction {
        guard case .branch(let branch, let commit) = worktree.head else { return .none }
        guard let commit else {
            // Repaired for people, it can be the name of another one.
            return branch.unicodeScalars.contains("\u{fffd}") ? .keep(branch, because: "its name is not UTF-8") : .none
        }
        let elsewhere = worktrees.contains { other in
            other != worktree && other.heldBranches.contains { $0.branch.utf8.elementsEqual(branch.utf8) }
        }
        if elsewhere { return .keep(branch, because: "another worktree has it checked out") }
        switch options.branch {
        case .keep: return .keep(branch, because: "as asked")
        case .leave: return .keep(branch, because: "without --merged")
        case .neverDeleted: return .keep(branch, because: "wt.branchDelete is 'never'")
        case .delete: return .delete(branch, at: commit, because: "as asked")
        case .whenMerged: break
        }
        if targets.targets.contains(where: { $0.name == branch }) {
            return .keep(branch, because: "it is the default branch")
        }
        let merged = try git { () throws(GitError) in try targets.merged(commit, in: repository) }
        if let merged { return .delete(branch, at: commit, because: merged.how.description(of: merged.target.name)) }
        let target = targets.targets.first
        return .keep(branch, because: target.map { "not merged into \($0.name)" } ?? "there is no default branch")
    }
}
