import FileTree
import Git
import SystemPackage

/// The reasons not to remove a worktree, each with its own message and hint. Nothing forces past a directory that is
/// not the registered one.
struct RemovalCheck {
    let worktree: WorktreeRecord
    let options: RemovalOptions

    private var name: String { worktree.head.branch ?? worktree.path.lastComponent?.string ?? worktree.path.string }
    private var forceHint: String { "wt rm -f \(options.name)   removes it all the same" }

    /// What the registration alone tells.
    func refuseByRecord(isCurrent: Bool) throws(Failure) {
        if worktree.isMain {
            throw refusal("it is the main worktree")
        }
        if isCurrent {
            throw refusal("you are in it", hints: ["cd to another worktree first"])
        }
        if let reason = worktree.lockReason, options.force < 2 {
            throw refusal(
                reason.isEmpty ? "it is locked" : "it is locked: \(reason)",
                hints: ["git worktree unlock \(worktree.path)", "wt rm -ff \(options.name)   removes it all the same"])
        }
        // git removes what another repository has registered there.
        if FileStatus.ifPresent(worktree.gitDirectory)?.kind == .symlink {
            throw refusal(
                "its registration is a symlink, which may lead to another repository's: \(worktree.gitDirectory)")
        }
        switch worktree.backPointer {
        case .consistent: break
        // A file, or a symlink to where the worktree was moved to, is not a directory that is gone.
        case .worktreeMissing where FileStatus.isAbsent(worktree.path): break
        case .unseen(let reason): throw refusal("its directory cannot be seen, but may exist: \(reason)")
        default:
            throw refusal(
                "the directory at \(worktree.path) is not the worktree that is registered for it",
                hints: ["git worktree repair, if it was moved", "git worktree prune, if it is gone"])
        }
        if !worktree.operations.isEmpty, options.force < 1 {
            let names = worktree.operations.map(\.rawValue).joined(separator: ", ")
            throw refusal("an operation is in progress in it: \(names)", hints: ["finish or abort it", forceHint])
        }
    }

    /// A directory that cannot be seen may still be somewhere, with work in it.
    func refuseUnproven(in repository: borrowing Repository) throws(Failure) {
        if Trash(of: repository.location).isHolding(worktree.path) {
            throw refusal("another wt rm is removing it, or was killed while it did", hints: ["wt list"])
        }
        guard options.force < 1, case .unproven(let reason) = Absence(worktree, in: repository) else { return }
        throw refusal("its directory cannot be seen, but may exist: \(reason)", hints: [forceHint])
    }

    /// What must stay and lies inside: another worktree, the repository itself, or a file system that is mounted there.
    /// git would delete the first two, ignored as they may be, and stop half-way at the third.
    /// `realPaths` are those of `worktrees`.
    func refuseForWhatLiesInside(
        _ worktrees: [WorktreeRecord], _ realPaths: [FilePath?], _ location: RepositoryLocation
    ) throws(Failure) {
        guard let root = realPath(worktree.path) else { return }
        for (other, path) in zip(worktrees, realPaths) where other != worktree {
            guard let path, path.starts(with: root) else { continue }
            throw refusal(
                "another worktree is in it: \(other.path)", hints: ["git worktree move \(other.path) <elsewhere>"])
        }
        if location.commonDirectory.starts(with: root) {
            throw refusal("the repository itself is in it: \(location.commonDirectory)")
        }
        if let mount = mountPoints(in: root).first {
            throw refusal("something is mounted in it, at \(mount)", hints: ["umount \(mount)"])
        }
    }

    /// What has come into it since, of which git tells nothing because it is ignored: another worktree, or a file system
    /// that is mounted there. `root` is where it was, without symlinks, and `place` where it is.
    func refuseForNewcomers(to root: FilePath, at place: FilePath, _ location: RepositoryLocation) throws(Failure) {
        let others = try git { () throws(GitError) in try location.administrativeDirectories() }
        for other in others where other.path != worktree.gitDirectory {
            // As git has noted it, which is without symlinks, too.
            guard var path = other.worktreePath, path.removePrefix(root),
                FileStatus.ifPresent(place.pushing(path)) != nil
            else { continue }
            throw refusal(
                "another worktree is in it: \(root.pushing(path))",
                hints: ["git worktree move \(root.pushing(path)) <elsewhere>"])
        }
        if let mount = mountPoints(in: place).first { throw refusal("something is mounted in it, at \(mount)") }
    }

    /// Repositories of submodules are kept with the registration, and can be there without the worktree's directory.
    func refuseForSubmodules(_ index: IndexFile?, in repository: borrowing Repository) throws(Failure) {
        guard options.force < 1 else { return }
        let hasSubmodules = try git { () throws(GitError) in
            try repository.hasInitialisedSubmodules(worktree, index: index)
        }
        if hasSubmodules {
            throw refusal("it has initialised submodules, whose commits may exist nowhere else", hints: [forceHint])
        }
    }

    /// What its files tell, which are at `place` when they have been moved. The verdict on changes is git's own, or one
    /// that is bound to be git's. `index` was read before, and counts only where it is still the same.
    func refuseForContents(
        at place: FilePath? = nil, _ reader: StatusReader, _ index: IndexFile?, in repository: borrowing Repository
    ) throws(Failure) {
        guard options.force < 1, !reader.isProvenClean(worktree, at: place, known: index) else { return }
        let status = try git("cannot see whether \(worktree.path) has changes") { () throws(GitError) in
            try reader.status(of: worktree, at: place)
        }
        if !status.isClean {
            throw refusal(
                "it has work that is not committed: \(status.summary)",
                hints: ["git -C \(worktree.path) status", forceHint])
        }
        let hidden = try git("cannot see whether \(worktree.path) has changes") { () throws(GitError) in
            try repository.hiddenChanges(of: worktree, in: place ?? worktree.path)
        }
        if let first = hidden.first {
            throw refusal(
                "git was told to pass over changes in it: \(first)\(hidden.count > 1 ? " and others" : "")",
                hints: ["git -C \(worktree.path) ls-files -v   marks such files with S or a small letter", forceHint])
        }
    }

    /// Cargo must not be at work in what is about to go.
    func refuseForBuild(_ cache: BuiltCache) throws(Failure) {
        guard options.force < 1, cache.isBusy else { return }
        throw refusal("cargo is building in it", hints: ["wait for the build, or stop it", forceHint])
    }

    /// A `HEAD` that names no branch can be the only way to its commits, and so can a reference that the worktree has for
    /// itself. A branch is kept unless its work is merged.
    func refuseForCommits(in repository: borrowing Repository) throws(Failure) {
        guard options.force < 1 else { return }
        var commits = worktree.administrativeDirectory?.ownReferences ?? []
        switch worktree.head {
        case .detached(let commit): commits.insert(commit, at: 0)
        case .branch(let name, let commit?) where name.utf8.starts(with: "refs/".utf8): commits.insert(commit, at: 0)
        default: break
        }
        let git = repository.git
        for commit in commits {
            let count = try Worktrees.git { () throws(GitError) in try git.countOfUnreferencedCommits(from: commit) }
            guard count > 0 else { continue }
            throw refusal(
                "\(count == 1 ? "a commit of it is" : "\(count) commits of it are") on no branch",
                hints: ["git branch <name> \(commit.short)   keeps \(count == 1 ? "it" : "them")", forceHint])
        }
    }

    private func refusal(_ reason: String, hints: [String] = []) -> Failure {
        Failure(.refused, "cannot remove '\(name)': \(reason)", hints: hints)
    }
}

extension WorkingTreeStatus {
    /// The counts that are not zero, for example `2 modified, 1 untracked`; `clean` when all are.
    public var summary: String {
        let counts = [(staged, "staged"), (modified, "modified"), (untracked, "untracked"), (conflicted, "conflicted")]
        let parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return parts.isEmpty ? "clean" : parts.joined(separator: ", ")
    }
}
