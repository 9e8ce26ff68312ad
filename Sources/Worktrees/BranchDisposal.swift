import Git

/// Decides what becomes of a removed worktree's branch.
struct BranchDisposal {
    let worktree: WorktreeRecord
    let worktrees: [WorktreeRecord]
    let options: RemovalOptions

    func action(in repository: borrowing Repository) throws(Failure) -> RemovalPlan.BranchAction {
        guard case .branch(let branch, let commit?) = worktree.head else { return .none }
        let elsewhere = worktrees.contains { other in
            other != worktree && other.heldBranches.contains { $0.branch == branch }
        }
        if elsewhere { return .keep(branch, because: "another worktree has it checked out") }
        switch options.branch {
        case .keep: return .keep(branch, because: "as asked")
        case .delete: return .delete(branch, at: commit, because: "as asked")
        case .whenMerged: break
        }
        let targets = mergeTargets(in: repository)
        if targets.contains(where: { $0.name == branch }) { return .keep(branch, because: "it is the default branch") }
        let git = repository.git
        for target in targets {
            let isMerged = try Worktrees.git { () throws(GitError) in try git.isAncestor(commit, of: target.commit) }
            if isMerged { return .delete(branch, at: commit, because: "merged into \(target.name)") }
        }
        return .keep(
            branch, because: targets.isEmpty ? "there is no default branch" : "not merged into \(targets[0].name)")
    }

    /// The default branch here and at its remote: what `origin/HEAD` names, else the main worktree's branch, else
    /// `init.defaultBranch`, `main` or `master`.
    private func mergeTargets(in repository: borrowing Repository) -> [(name: String, commit: ObjectID)] {
        let git = repository.git
        let remoteHead = try? git.run(["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]).text
        let fromRemote = remoteHead.map { $0.drop { $0 != "/" }.dropFirst().prefix { $0 != "\n" } }.map(String.init)
        let configured = repository.configuration.string(forKey: "init.defaultBranch")
        for name in [fromRemote, worktrees.first?.head.branch, configured, "main", "master"].compactMap({ $0 }) {
            var targets: [(name: String, commit: ObjectID)] = []
            if let commit = repository.localBranch(name) { targets.append((name, commit)) }
            if let remote = repository.remoteBranches(named: name).first {
                targets.append((remote.shortName, remote.id))
            }
            if !targets.isEmpty { return targets }
        }
        return []
    }
}
