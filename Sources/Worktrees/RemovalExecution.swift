import FileTree
import Git
import SystemPackage

/// A worktree that was removed.
public struct RemovalResult: Sendable {
    /// Where it was.
    public let path: FilePath
    /// What became of the branch.
    public let branch: RemovalPlan.BranchAction
    /// What it took on disk: `exclusive` is free as soon as the trash is empty, `shared` stays because other worktrees link
    /// to it. Nil when the plan was not measured and its files are in the trash; those that are deleted in place are
    /// measured in any case, since that takes as long as there are files.
    public let usage: DiskUsage?
    /// Whether `usage.exclusive` is only an upper bound.
    public let isUpperBound: Bool
    /// Whether its files wait in the trash; false when they are deleted already.
    public let isInTrash: Bool
    /// Whether its directory was gone before, so that only the registration was removed.
    public let wasGone: Bool
    /// What the user should know besides.
    public internal(set) var notes: [String]
    /// What can be done about a note, in a line each.
    public internal(set) var hints: [String] = []
}

extension RemovalPlan {
    /// Removes it, with its hooks. `pre-rm` runs when nothing speaks against the removal, and before anything is touched;
    /// its failure keeps the worktree, and after it everything is checked again; so it is before, where much can have
    /// happened since the plan was made (`isOld`): hooks of another removal have run, or a person has been asked. `removed`
    /// gets the number of files that are deleted so far, where they are deleted in place. Throws `Failure`, with nothing
    /// removed, or as the removal itself does.
    public func run(
        in repository: borrowing Repository, isOld: Bool = false, removed: (Int) -> Void = { _ in },
        isCancelled: () -> Bool = { false }
    ) throws(Failure) -> RemovalResult {
        try refuseChanged(in: repository)
        var plan = isOld ? try checkedAgain(in: repository) : self
        if let before = hooks.first(where: { $0.event == .preRemoval }), !before.commands.isEmpty {
            try run(before, in: repository, isCancelled)
            plan = try checkedAgain(in: repository)
        }
        var result = try plan.remove(in: repository, removed: removed)
        let location = repository.location
        if let after = hooks.first(where: { $0.event == .postRemoval }), !after.commands.isEmpty {
            let failure = after.run(
                in: location.mainWorktree ?? location.commonDirectory, about: hookSubject(location),
                environment: repository.environment, isCancelled: isCancelled)
            if let failure { result.notes.append("\(worktree.path) is removed, but \(failure)") }
        }
        result.notes += Set(hooks.flatMap(\.notes)).sorted()
        if hooks.contains(where: { !$0.untrusted.isEmpty }) { result.hints = [HookPlan.hint(nil)] }
        return result
    }

    /// Removes the directory, then the registration, then the branch. Where the directory can be moved into the trash, it
    /// is looked at there once more, since nobody can change it any more, and put back when something has come to it
    /// since the plan was made. Elsewhere it is deleted in place, and `removed` gets the number of files that are deleted
    /// so far. Throws `Failure`, with the registration and the branch still there: when something has changed, or when
    /// the directory cannot be deleted whole.
    private func remove(
        in repository: borrowing Repository, removed: (Int) -> Void
    ) throws(Failure) -> RemovalResult {
        let (directory, identity) = try refuseChanged(in: repository)
        if let cache { try check.refuseForBuild(cache) }
        let root = realPath(worktree.path) ?? worktree.path
        let held = isGone ? nil : HeldDirectory(worktree.path, directory, trash: Trash(of: repository.location))
        let now = RepositoryNow(repository)
        var usage = usage
        var notes: [String] = []
        if let held {
            try giveUp(held, from: root, identity, now, in: repository)
        } else {
            if !isGone {
                if usage == nil { usage = try? diskUsage(of: [worktree.path]) }
                try check.refuseForNewcomers(to: root, at: worktree.path, repository.location)
                notes = try removeInPlace(now, in: repository, removed: removed)
            }
            let location = repository.location
            // Of one that is half gone no git and no wt knows what it was.
            if Trash(of: location).discard(directory.path) {
                try? removeEmptyDirectory(location.commonDirectory.appending("worktrees"))
            } else {
                try git("the registration of \(worktree.path) cannot be removed") { () throws(GitError) in
                    try location.unregister(directory)
                }
            }
        }
        let (done, more) = disposeOfBranch(now, in: repository)
        return RemovalResult(
            path: worktree.path, branch: done, usage: usage, isUpperBound: isUpperBound, isInTrash: held != nil,
            wasGone: isGone, notes: notes + more)
    }

    /// Once more, since the plan may have been looked at for a while: nothing is removed that is not the worktree.
    @discardableResult
    private func refuseChanged(
        in repository: borrowing Repository
    ) throws(Failure) -> (AdministrativeDirectory, LastingIdentity) {
        let now = worktree.backPointer
        let isStillGone = isGone && now == .worktreeMissing && FileStatus.isAbsent(worktree.path)
        guard isStillGone || !isGone && now == .consistent, let directory = worktree.administrativeDirectory,
            let identity, (try? LastingIdentity(directory.path)) == identity, isAsPlanned(in: repository)
        else {
            throw Failure(.refused, "cannot remove \(worktree.path): it has changed meanwhile; nothing was removed")
        }
        return (directory, identity)
    }

    /// Whether git's files still say what they said.
    private func isAsPlanned(in repository: borrowing Repository) -> Bool {
        guard let directory = worktree.administrativeDirectory,
            let now = repository.location.worktree(registeredBy: directory)
        else { return false }
        return now.head == worktree.head && now.lockReason == worktree.lockReason
            && now.operations == worktree.operations
    }

    private func giveUp(
        _ held: HeldDirectory, from root: FilePath, _ identity: LastingIdentity, _ now: RepositoryNow,
        in repository: borrowing Repository
    ) throws(Failure) {
        var failure = Failure(
            .failed, "cannot remove \(worktree.path): its registration is another one now, or cannot be moved",
            hints: ["git worktree list"])
        do throws(Failure) {
            try check.refuseForContents(at: held.tree, now.status, index, in: repository)
            try check.refuseForNewcomers(to: root, at: held.tree, repository.location)
            try check.refuseForSubmodules(index, in: repository)
            try check.refuseForCommits(in: repository)
            if isAsPlanned(in: repository) {
                if held.giveUp(identity) { return }
            } else {
                failure = Failure(.refused, "cannot remove \(worktree.path): it has changed meanwhile")
            }
        } catch {
            failure = error
        }
        // git, for one, takes it for a worktree that is gone.
        if isUnregistered {
            failure = Failure(
                .failed, "cannot remove \(worktree.path): its registration was removed meanwhile; its files are kept",
                hints: ["git does not know the directory any more: rm -r removes it when nothing in it is needed"])
        }
        guard !held.putBack() else { throw failure }
        throw Failure(failure.kind, "\(failure.message); its files are at \(held.tree)", hints: failure.hints)
    }

    /// Returns what has to be said of a directory that stays.
    private func removeInPlace(
        _ now: RepositoryNow, in repository: borrowing Repository, removed: (Int) -> Void
    ) throws(Failure) -> [String] {
        try check.refuseForContents(now.status, index, in: repository)
        do throws(FileError) {
            try removeWorktree(worktree.path, removed: removed)
        } catch {
            // Without its `.git` it is no worktree for git, nor for a second attempt: it goes all the same, as with git.
            guard FileStatus.isAbsent(worktree.path.appending(".git")) else {
                throw Failure(
                    .failed, "cannot remove \(worktree.path) whole: \(error)",
                    hints: ["what is left is still registered; wt rm -f finishes the removal once the cause is gone"])
            }
            return ["the directory \(worktree.path) stays: \(error)"]
        }
        return []
    }

    private func disposeOfBranch(
        _ now: RepositoryNow, in repository: borrowing Repository
    ) -> (RemovalPlan.BranchAction, [String]) {
        guard case .delete(let name, let commit, _) = branch else { return (branch, []) }
        do throws(GitError) {
            try repository.deleteBranch(name, expecting: commit, now: now)
            return (branch, [])
        } catch {
            return (.keep(name, because: error.message), ["the branch '\(name)' was kept: \(error.message)"])
        }
    }
}

/// Removes all that is in the worktree and then its `.git`: when something cannot be removed, what is left still is the
/// registered worktree, and a second attempt can finish.
private func removeWorktree(_ root: FilePath, removed: (Int) -> Void) throws(FileError) {
    var count = 0
    func countOne() {
        count += 1
        removed(count)
    }
    let device = try FileStatus(root).device
    for entry in try Directory(root).entries() where entry.name != ".git" {
        let path = root.appending(entry.name)
        // Mounted since the plan was made: `removeTree` looks for mounts below what it is given only.
        let isElsewhere = try FileStatus(path).device != device
        let isMount = entry.kind == .directory && (isElsewhere || !mountPoints(in: path).isEmpty)
        if isMount { throw FileError("remove", path, .improperLink) }
        try removeTree(path, removed: countOne)
    }
    try removeTree(root, removed: countOne)
}
