import FileTree
import Git
import SystemPackage

extension NewPlan {
    /// Takes away what was made so far natively: the registration with its files, where there is one, and the branch.
    func undone(
        _ failure: Failure, _ registration: WorktreeRegistration?, _ record: MakingRecord,
        in repository: borrowing Repository
    ) -> Failure {
        undone(failure, record, taking: { () throws(GitError) in try registration?.undo() }, in: repository)
    }

    /// Takes away what was made so far: the files by `removal`, then the branch. Returns the failure, with what could
    /// not be undone added to it; the record stays then, and the next command tries again.
    func undone(
        _ failure: Failure, _ record: MakingRecord, taking removal: () throws(GitError) -> Void,
        in repository: borrowing Repository
    ) -> Failure {
        var leftovers: [String] = []
        // Without room for it, the record says less than it could, and less is taken away should this be killed.
        try? record.note(.undoing)
        do throws(GitError) {
            try removal()
        } catch {
            leftovers.append(error.message)
        }
        if let branch = choice.branch, choice.isNew, repository.localBranch(branch) == commit {
            do throws(GitError) {
                // Somebody else's worktree may have been made on it meanwhile.
                if try repository.location.branchHolders(of: branch).isEmpty {
                    try repository.deleteBranch(branch, expecting: commit)
                }
            } catch {
                leftovers.append(error.message)
            }
        }
        removeLogOfNoBranch(in: repository)
        guard !leftovers.isEmpty else {
            record.close()
            return failure
        }
        return Failure(.failed, failure.message, hints: leftovers.map { "not undone: \($0)" } + failure.hints)
    }

    func removeLogOfNoBranch(in repository: borrowing Repository) {
        if let branch = choice.branch, choice.isNew { Worktrees.removeLogOfNoBranch(branch, in: repository) }
    }
}

/// Where there is no room for a branch's log, git makes no branch, but leaves the empty file; where git is killed, it
/// leaves the empty directories around the branch, too.
func removeLogOfNoBranch(_ branch: String, in repository: borrowing Repository) {
    guard repository.localBranch(branch) == nil else { return }
    for place in ["logs/refs/heads", "refs/heads"] {
        let top = repository.location.commonDirectory.pushing(FilePath(place))
        var file = top.pushing(FilePath(branch))
        if place.hasPrefix("logs"), let status = FileStatus.ifPresent(file), status.kind == .file, status.size == 0 {
            try? removeTree(file)
        }
        while file.removeLastComponent(), file != top { try? removeEmptyDirectory(file) }
    }
}
