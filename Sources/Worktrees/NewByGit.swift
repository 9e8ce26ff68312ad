import FileTree
import Git
import SystemPackage

/// The way of `wt new` where there is an obstacle: `git branch` and `git worktree add`, which is what the latter does
/// by itself, too. They are run one by one so that it is known who made the branch when something fails.
extension NewPlan {
    /// A worktree that git made.
    struct MadeByGit {
        let root: FilePath
        /// Files with the donor's bytes and mtime.
        let identical: IdenticalFiles
        /// What the user should know.
        let notes: [String]
        /// What git, its hooks and filters had to say.
        let said: [UInt8]
    }

    func makeWithGit(
        in repository: borrowing Repository, _ record: MakingRecord, isCancelled: () -> Bool
    ) throws(Failure) -> MadeByGit {
        try makeBranch(in: repository, record, isCancelled)
        var notes: [String] = []
        var said: [UInt8] = []
        do throws(Failure) {
            do throws(GitError) {
                said = try withoutActuallyEscaping(isCancelled) { isCancelled throws(GitError) in
                    try addWithGit(in: repository, record, isCancelled)
                }
            } catch {
                // A post-checkout hook's status is git's own, and the worktree stands all the same.
                guard let made = recordOfNew(in: repository.location), isComplete(made) else {
                    throw isCancelled()
                        ? Failure(GitError(.cancelled, "cancelled")) : Failure(error, doing: "git worktree add")
                }
                notes.append("git worktree add: \(error.message); the worktree is made, but a hook may have failed")
            }
        } catch {
            throw undone(
                error, record, taking: { () throws(GitError) in try removeWhatGitLeft(in: repository, record) },
                in: repository)
        }
        let root = realPath(path) ?? path
        return MadeByGit(root: root, identical: copyTimes(to: root, in: repository), notes: notes, said: said)
    }

    private func addWithGit(
        in repository: borrowing Repository, _ record: MakingRecord, _ isCancelled: @escaping () -> Bool
    ) throws(GitError) -> [UInt8] {
        try retrying { () throws(GitError) in
            // git takes an empty directory as well as none; this one can be told from a later one.
            try record.makeRoot(mode: SharedMode(repository.configuration))
            try record.note(.git)
            return try repository.addWorktreeWithGit(
                at: path, choice.branch.map { .branch($0) } ?? .detached(options.name), lockReason: lockReason,
                startedIn: currentDirectory, isCancelled: isCancelled)
        }
    }

    /// `git branch` knows all the settings that give a new branch an upstream, or none.
    func makeBranch(
        in repository: borrowing Repository, _ record: MakingRecord, _ isCancelled: () -> Bool
    ) throws(Failure) {
        let (startPoint, track): (String, Bool?) =
            switch choice {
            // The name that git's search for such a branch comes to.
            case .tracking(_, let remote): (remote.referenceName, options.track)
            case .created(_, let startPoint, _): (startPoint, options.track)
            case .existing, .detached: ("", nil)
            }
        guard let branch = choice.branch, choice.isNew else { return }
        var arguments = ["branch", "--quiet"]
        if let track { arguments.append(track ? "--track" : "--no-track") }
        arguments += ["--", branch, startPoint]
        let command = repository.git
        let task = "cannot create the branch '\(branch)'"
        let commit = commit
        let existed = repository.localBranch(branch) != nil
        do throws(GitError) {
            // To its end, even if it is cancelled meanwhile: a git that is stopped here can leave the lock on the branch.
            try retrying { () throws(GitError) in
                do throws(GitError) {
                    try command.run(arguments, for: .writeUntranslated)
                } catch {
                    if error.concernsConfiguration, repository.localBranch(branch) == commit {
                        try repository.deleteBranch(branch, expecting: commit)
                    }
                    throw error
                }
            }
        } catch {
            // It is there when only its upstream could not be found or written. One that was there before git came is not
            // ours.
            let isOurs = !existed && !error.message.contains("already exists")
            guard isOurs || error.concernsConfiguration || isCancelled() else {
                removeLogOfNoBranch(in: repository)
                record.close()
                throw Failure(error, doing: task)
            }
            throw undone(Failure(error, doing: task), record, taking: { () throws(GitError) in }, in: repository)
        }
        do throws(GitError) {
            try record.note(branch: branch, in: repository.location)
        } catch {
            throw undone(Failure(error, doing: task), record, taking: { () throws(GitError) in }, in: repository)
        }
    }

    private func copyTimes(to root: FilePath, in repository: borrowing Repository) -> IdenticalFiles {
        guard let donor, let theirs = donorIndex(in: repository), let record = recordOfNew(in: repository.location),
            let ours = try? repository.index(of: record)
        else { return IdenticalFiles() }
        var comparison = SourceComparison(ours, with: theirs, of: donor.worktree.path)
        comparison.settle(in: root)
        let identical = comparison.applyTimes(in: root)
        try? GitCommand(at: root, environment: environment).refreshIndex()
        return identical
    }

    /// The registration at the new worktree's path, made since this plan was.
    private func recordOfNew(in location: RepositoryLocation) -> WorktreeRecord? {
        guard let root = realPath(path), let now = try? location.worktrees() else { return nil }
        return now.first { record in
            record.path == root && !record.isMain && !worktrees.contains { $0.gitDirectory == record.gitDirectory }
        }
    }

    /// Whether git came to its end, where it renames the finished index and takes its lock away.
    private func isComplete(_ record: WorktreeRecord) -> Bool {
        record.backPointer == .consistent && record.head.commit == commit && record.lockReason == lockReason
            && FileStatus.ifPresent(record.indexFile) != nil
    }

    /// git cleans up behind itself, but for the directories above, `worktrees/`, and everything when it was killed.
    private func removeWhatGitLeft(in repository: borrowing Repository, _ record: MakingRecord) throws(GitError) {
        let location = repository.location
        let making = record.making
        if let left = recordOfNew(in: location), let directory = left.administrativeDirectory {
            if left.backPointer == .consistent { try files { () throws(FileError) in try removeTree(left.path) } }
            try location.unregister(directory)
        }
        let left = UnfinishedWorktree(
            leftByGitIn: record, known: Set(worktrees.map(\.gitDirectory)), in: location)
        if left.root == .own, try left.foreignFile(in: repository) == nil { try left.undo() }
        try? removeEmptyDirectory(location.commonDirectory.appending("worktrees"))
        let now = FileStatus.ifPresent(path)
        if making.standing != nil, now == nil {
            try files { () throws(FileError) in try makeDirectories(path) }
        } else if making.standing == nil, now?.kind == .directory {
            try? removeEmptyDirectory(path)
        }
        // Deepest first; one that something else was put into stays.
        for directory in making.missing { try? removeEmptyDirectory(directory) }
    }
}

private func files(_ body: () throws(FileError) -> Void) throws(GitError) {
    do throws(FileError) { try body() } catch { throw GitError(.other, error.description) }
}
