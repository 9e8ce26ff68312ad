import FileTree
import SystemPackage

extension Repository {
    /// What `git worktree add` shall check out.
    public enum Added: Hashable, Sendable {
        /// A branch that does not exist yet, from a start point as the user typed it.
        case newBranch(String, startPoint: String)
        /// An existing local branch.
        case branch(String)
        /// A commit, and no branch.
        case detached(String)
    }

    /// Runs `git worktree add` whole, hooks, filters and sparse patterns included: what is done where an `Obstacle`
    /// stands in the way. Undoes everything itself when it fails. `track` is `--track` or `--no-track`; nil leaves it
    /// to branch.autoSetupMerge; `directory` is where the user stands. Once `isCancelled` says so, git is asked to end.
    /// Returns what it said, hooks and filters included. Throws `GitError`.
    @discardableResult
    public func addWorktreeWithGit(
        at path: FilePath, _ added: Added, track: Bool? = nil, lockReason: String? = nil,
        startedIn directory: FilePath? = nil, isCancelled: (() -> Bool)? = nil
    ) throws(GitError) -> [UInt8] {
        guard let text = path.exactString else {
            throw GitError(.invalidName, "git can't be given the path '\(path)', which is not UTF-8")
        }
        var arguments = ["worktree", "add", "--quiet"]
        if let lockReason { arguments += ["--lock", "--reason", lockReason] }
        let commit: String
        switch added {
        case .newBranch(let name, let startPoint):
            guard isValidBranchName(name) else {
                throw GitError(.invalidName, "'\(name)' is not a valid branch name")
            }
            if let track { arguments.append(track ? "--track" : "--no-track") }
            arguments += ["-b", name]
            commit = startPoint
        case .branch(let name): commit = name
        case .detached(let name):
            arguments.append("--detach")
            commit = name
        }
        guard !commit.hasPrefix("-") || commit == "-" else {
            throw GitError(.invalidName, "'\(commit)' names no commit")
        }
        // As the user would run it: its hooks and filters see where that is, and what is in the environment.
        let git = directory.map { GitCommand(start: $0, environment: environment) } ?? git
        return try git.run(arguments + ["--", text, commit], for: .write, isCancelled: isCancelled).errors
    }
}

extension WorktreeRegistration {
    /// Runs the `git reset --hard` that is the last part of `git worktree add`: it writes every file that is not there
    /// as the index file `index` says, with all conversions, and leaves `ORIG_HEAD` and the log of `HEAD` as usual. That
    /// file is not the worktree's own, which stands for a worktree that is complete. Once `isCancelled` says so, git is
    /// asked to end. Throws `GitError`, also for paths that are not UTF-8, which git cannot be given.
    public func resetWithGit(
        index: FilePath, environment: [String: String], isCancelled: (() -> Bool)? = nil
    ) throws(GitError) {
        guard worktree.exactString != nil, directory.path.exactString != nil else {
            throw GitError(.invalidName, "git can't be given the path '\(worktree)', which is not UTF-8")
        }
        let git = GitCommand(
            administrativeDirectory: directory.path, worktree: worktree, index: index, environment: environment)
        try git.run(
            ["reset", "--hard", "--quiet", "--no-recurse-submodules"], for: .write, isCancelled: isCancelled)
    }

    /// Removes a file that was made in the administrative directory for the time being. Throws `GitError`.
    public func remove(_ file: FilePath) throws(GitError) {
        do throws(FileError) { try removeTree(file) } catch { throw GitError(error) }
    }
}
