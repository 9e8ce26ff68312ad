import Git

/// What a branch's work has to be in to count as merged: the default branch, and the branch that it follows.
public struct MergeTargets: Sendable {
    /// One of them.
    public struct Target: Hashable, Sendable {
        /// The short name, for people: `main`, `origin/main`.
        public let name: String
        /// Its commit.
        public let commit: ObjectID
    }

    /// The local branch first; empty when there is no default branch.
    public let targets: [Target]
    /// The short name of the default branch; nil when there is none.
    public let defaultBranch: String?

    /// Finds them: what `refs/remotes/origin/HEAD` names, else `init.defaultBranch`, `main`, `master` or the main
    /// worktree's branch, the first that exists; here, and the branch that it follows, or else the one of the same name at a remote.
    public init(in repository: borrowing Repository, _ worktrees: [WorktreeRecord]) {
        let fromRemote = repository.defaultBranch(of: "origin")
        let configured = repository.configuration.string(forKey: "init.defaultBranch")
        for name in [fromRemote, configured, "main", "master", worktrees.first?.head.branch].compactMap({ $0 }) {
            var targets: [Target] = []
            if let commit = repository.localBranch(name) { targets.append(Target(name: name, commit: commit)) }
            if let upstream = repository.upstream(of: name), let commit = upstream.commit {
                targets.append(Target(name: upstream.shortName, commit: commit))
            } else if let remote = repository.remoteBranches(named: name).first(where: { $0.remote == "origin" }) {
                targets.append(Target(name: remote.shortName, commit: remote.id))
            }
            if !targets.isEmpty {
                self.targets = targets
                defaultBranch = name
                return
            }
        }
        targets = []
        defaultBranch = nil
    }

    /// Where all the work of `commit` is, and why it counts as being there; nil when it is in none of them. Throws
    /// `GitError`.
    public func merged(
        _ commit: ObjectID, in repository: borrowing Repository
    ) throws(GitError) -> (target: Target, how: Merged)? {
        for target in targets {
            if let how = try repository.merged(commit, into: target.commit) { return (target, how) }
        }
        return nil
    }
}

extension MergeTargets {
    /// How far the work in a worktree has come.
    enum Progress: Hashable {
        /// It is merged; how, for people.
        case merged(String)
        /// Nothing has been committed on its branch yet: nothing is missing in the default branch, but at the beginning,
        /// not at the end.
        case new
        /// It is not merged, or it is on no branch or on the default branch.
        case open
    }

    /// Looks at the branch that a worktree has checked out. Throws `Failure`.
    func progress(of worktree: WorktreeRecord, in repository: borrowing Repository) throws(Failure) -> Progress {
        guard case .branch(let branch, let commit?) = worktree.head, branch != defaultBranch else { return .open }
        let found = try git { () throws(GitError) in try merged(commit, in: repository) }
        guard let found else { return .open }
        guard found.how != .ancestor || repository.hasCommits(onBranch: branch) else { return .new }
        return .merged(found.how.description(of: found.target.name))
    }
}

extension Merged {
    /// For people, with the name of the branch.
    public func description(of target: String) -> String {
        switch self {
        case .ancestor: "merged into \(target)"
        case .sameTree: "the same files as \(target)"
        case .patches: "all its patches are in \(target)"
        case .squashed: "squashed into \(target)"
        }
    }
}
