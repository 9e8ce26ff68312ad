import SystemPackage

extension Repository {
    /// The commit of the local branch `name`; nil when there is no such branch.
    public func localBranch(_ name: String) -> ObjectID? { references.id(of: "refs/heads/\(name)") }

    /// Makes the branch `name` at a commit, with `reflogMessage` in its log: git writes
    /// `branch: Created from <start point>` there, with the start point as it was typed or `HEAD`. Goes through
    /// `git update-ref`, which runs the reference-transaction hook, honours `GIT_COMMITTER_*`, and takes 2 ms where
    /// libgit2 reads all packed references. Throws `GitError`: `invalidName`, `exists`; never changes a branch.
    public func createBranch(
        _ name: String, at commit: ObjectID, reflogMessage: String
    ) throws(GitError) {
        guard isValidBranchName(name) else { throw GitError(.invalidName, "'\(name)' is not a valid branch name") }
        let arguments = [
            "update-ref", "-m", reflogMessage, "refs/heads/\(name)", commit.description, commit.nullText,
        ]
        do throws(GitError) {
            try git.run(arguments, for: .write)
        } catch {
            guard localBranch(name) != nil else { throw error }
            throw GitError(.exists, "a branch named '\(name)' already exists")
        }
    }

    /// Makes `branch` follow a remote branch, as `git branch --set-upstream-to` does (branch.autoSetupRebase
    /// included). Throws `GitError`.
    public func setUpstream(of branch: String, to upstream: RemoteBranch) throws(GitError) {
        guard isValidBranchName(branch) else {
            throw GitError(.invalidName, "'\(branch)' is not a valid branch name")
        }
        try git.run(["branch", "--quiet", "--set-upstream-to=\(upstream.referenceName)", branch], for: .write)
    }

    /// Deletes the branch `name` when it still is at `expected`, and its configuration with it. Throws `GitError`:
    /// `moved` when it is somewhere else, `notFound` when there is none; nothing is changed then. Does not ask whether
    /// a worktree holds it: see `branchHolders`. Returns whether no configuration of it is left in the repository's
    /// file; as for git, that is no reason to call the deletion a failure.
    @discardableResult
    public func deleteBranch(_ name: String, expecting expected: ObjectID) throws(GitError) -> Bool {
        do throws(GitError) {
            try git.run(["update-ref", "--no-deref", "-d", "refs/heads/\(name)", expected.description], for: .write)
        } catch {
            guard let now = localBranch(name) else { throw GitError(.notFound, "there is no branch '\(name)'") }
            guard now == expected else {
                throw GitError(.moved, "the branch '\(name)' is at \(now.short), not at \(expected.short) any more")
            }
            throw error
        }
        // 128: there is no such section, or it stands in another file than the repository's own, which is not ours.
        let removal = ["config", "--local", "--remove-section", "branch.\(name)"]
        return (try? git.run(removal, for: .write, accepting: [0, 128])) != nil
    }
}

extension ObjectID {
    /// As many zeros as the id has digits: "must not exist" for `git update-ref`.
    fileprivate var nullText: String { String(repeating: "0", count: Int(byteCount) * 2) }
}
