import Git

/// What a new worktree will have checked out, and what has to be made for it.
public enum BranchChoice: Hashable, Sendable {
    /// A local branch that is there already.
    case existing(branch: String)
    /// A new branch that follows the only remote branch of its name.
    case tracking(branch: String, remote: RemoteBranch)
    /// A new branch from a start point, as the user typed it, following a remote branch if it started there.
    case created(branch: String, startPoint: String, upstream: RemoteBranch?)
    /// A commit, and no branch.
    case detached

    /// The branch's short name.
    public var branch: String? {
        switch self {
        case .existing(let branch), .tracking(let branch, _), .created(let branch, _, _): branch
        case .detached: nil
        }
    }

    /// Whether the branch has to be made.
    public var isNew: Bool {
        switch self {
        case .existing, .detached: false
        case .tracking, .created: true
        }
    }

    /// Resolves a name as `git worktree add` does: the local branch; else, without a start point, the one remote
    /// branch of that name; else a new branch. Returns the commit with it. Throws `Failure`; nothing is written.
    static func resolve(
        _ options: NewOptions, in repository: borrowing Repository, worktrees: [WorktreeRecord]
    ) throws(Failure) -> (choice: BranchChoice, commit: ObjectID) {
        if options.detach {
            guard options.startPoint == nil else {
                throw Failure(.usage, "with --detach there is only the commit to check out, and no start point")
            }
            return (.detached, try commit(named: options.name, in: repository))
        }
        let name = options.name
        // What is read from the command line is repaired where it is not UTF-8.
        guard !name.unicodeScalars.contains("\u{FFFD}") else {
            throw Failure(.refused, "the branch name '\(name)' is not UTF-8", hints: ["rename it with git branch -m"])
        }
        guard isValidBranchName(name) else {
            throw Failure(
                .refused, "'\(name)' is not a valid branch name",
                hints: ["git check-ref-format --branch explains the rules in its manual page"])
        }
        if let commit = repository.localBranch(name) {
            guard options.startPoint == nil else {
                throw Failure(
                    .refused, "the branch '\(name)' exists already, so it cannot start at '\(options.startPoint!)'",
                    hints: ["wt new \(name)"])
            }
            try refuseHeld(name, worktrees)
            return (.existing(branch: name), commit)
        }
        if options.startPoint == nil {
            let remotes = repository.remoteBranches(named: name)
            guard remotes.count <= 1 else {
                throw Failure(
                    .refused, "'\(name)' is a branch of several remotes",
                    hints: remotes.map { "wt new \(name) \($0.remote)/\(name)" })
            }
            if let remote = remotes.first {
                guard Upstream.isFollowed(remote, name, options.track, in: repository) else {
                    return (.created(branch: name, startPoint: remote.referenceName, upstream: nil), remote.id)
                }
                return (.tracking(branch: name, remote: remote), remote.id)
            }
        }
        // As `git worktree add` and `git switch` read it.
        let startPoint = options.startPoint == "-" ? "@{-1}" : options.startPoint ?? "HEAD"
        try refuseAmbiguous(startPoint, in: repository)
        let commit = try commit(named: startPoint, in: repository, allowingMergeBase: true)
        let upstream = Upstream.of(startPoint, for: name, track: options.track, in: repository)
        return (.created(branch: name, startPoint: startPoint, upstream: upstream), commit)
    }

    /// Throws `Failure` when the branch is not any more what was found when the choice was made: `now` is its commit,
    /// and `worktrees` are those there are.
    static func refuseChanged(
        _ choice: BranchChoice, at commit: ObjectID, now: ObjectID?, _ worktrees: [WorktreeRecord]
    ) throws(Failure) {
        guard let branch = choice.branch else { return }
        if choice.isNew {
            guard now == nil else {
                throw Failure(
                    .failed, "cannot create the branch '\(branch)': somebody else has made it meanwhile",
                    hints: ["wt list"])
            }
        } else {
            guard now == commit else {
                throw Failure(
                    .failed, "cannot create '\(branch)': the branch has moved meanwhile", hints: ["wt new \(branch)"])
            }
            try refuseHeld(branch, worktrees)
        }
    }

    private static func commit(
        named name: String, in repository: borrowing Repository, allowingMergeBase: Bool = false
    ) throws(Failure) -> ObjectID {
        do throws(GitError) {
            if allowingMergeBase, let base = try repository.mergeBase(startPoint: name) { return base }
            return try repository.resolve(startPoint: name)
        } catch {
            switch error.kind {
            case .unbornHead:
                throw Failure(.refused, "the repository has no commit yet", hints: ["make a first commit"])
            case .notFound, .ambiguous, .invalidName:
                throw Failure(.refused, "'\(name)' names no commit", hints: ["git branch --all"])
            default: throw Failure(error)
            }
        }
    }

    /// git makes no branch from a name that is a branch and a tag, or a local and a remote branch (dwim_branch_start,
    /// branch.c).
    private static func refuseAmbiguous(_ name: String, in repository: borrowing Repository) throws(Failure) {
        var meanings: [String] = []
        if repository.localBranch(name) != nil { meanings.append("refs/heads/\(name)") }
        for remote in [name[...], name + "/HEAD"].compactMap({ Upstream.remoteBranch($0, in: repository) }) {
            meanings.append(remote.referenceName)
        }
        guard !meanings.isEmpty else { return }
        let command = repository.git
        let tag = "refs/tags/\(name)"
        let isTag = try git { () throws(GitError) in
            try command.run(["show-ref", "--verify", "--quiet", tag], accepting: [0, 1]).status == 0
        }
        if isTag { meanings.append(tag) }
        guard meanings.count > 1 else { return }
        throw Failure(
            .refused, "'\(name)' could be any of \(meanings.joined(separator: ", "))", hints: ["say which, in full"])
    }

    /// A branch that another worktree has checked out, or will come back to after a rebase or bisect.
    private static func refuseHeld(_ name: String, _ worktrees: [WorktreeRecord]) throws(Failure) {
        for worktree in worktrees {
            guard let held = worktree.heldBranches.first(where: { isSameName($0.branch, name) }) else { continue }
            let how =
                switch held.reason {
                case .checkedOut: "checked out"
                case .rebase: "being rebased"
                case .bisect: "being bisected"
                }
            throw Failure(
                .refused, "cannot create '\(name)': the branch is \(how) at \(worktree.path)",
                hints: ["wt switch \(held.reason == .checkedOut ? name : worktree.path.string)"])
        }
    }
}
