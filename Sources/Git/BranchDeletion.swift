import FileTree
import SystemPackage

extension Repository {
    /// Deletes the branch `name` when it still is at `expected` and no worktree holds it, and its configuration with it.
    /// When a worktree checks it out at the same moment, it is made again, with its log. Throws `GitError`: `moved` when
    /// it is somewhere else, `notFound` when there is none, `exists` when a worktree holds it; nothing is changed then.
    /// Returns whether no configuration of it is left in the repository's file; as for git, that is no reason to call the
    /// deletion a failure. `now` is from a moment ago, and saves looking at the configuration again.
    @discardableResult
    public func deleteBranch(
        _ name: String, expecting expected: ObjectID, now: RepositoryNow? = nil
    ) throws(GitError) -> Bool {
        try refuseHeld(name)
        let log = try? readFile(location.logFile(ofBranch: name))
        do throws(GitError) {
            try deleteReference(of: name, expecting: expected, now)
        } catch {
            guard let now = localBranch(name) else { throw GitError(.notFound, "there is no branch '\(name)'") }
            guard now == expected else {
                throw GitError(.moved, "the branch '\(name)' is at \(now.short), not at \(expected.short) any more")
            }
            throw error
        }
        do throws(GitError) {
            // git takes no lock on a branch that it checks out.
            try refuseHeld(name)
        } catch {
            let holder = error
            do throws(GitError) {
                try remake(name, at: expected, log: log)
            } catch {
                // Whoever has checked it out may have made it.
                if localBranch(name) == expected { throw holder }
                throw GitError(
                    .other,
                    "\(holder.message) since a moment ago, and could not be made again (git branch \(name) \(expected)): "
                        + error.message)
            }
            throw holder
        }
        return removeBranchConfiguration(name)
    }

    private func deleteReference(
        of name: String, expecting expected: ObjectID, _ now: RepositoryNow?
    ) throws(GitError) {
        // By the configuration as it is now: it says which hooks there are.
        let mayBeDeleted: Bool
        if let now {
            mayBeDeleted = now.deletesBranchFiles
        } else if let opened = openedAnew() {
            mayBeDeleted = BranchFile.mayBeDeleted(in: opened)
        } else {
            mayBeDeleted = false
        }
        if mayBeDeleted, let file = BranchFile(name, at: location), file.delete(expecting: expected) { return }
        try git.run(["update-ref", "--no-deref", "-d", "refs/heads/\(name)", expected.description], for: .write)
    }

    private func refuseHeld(_ name: String) throws(GitError) {
        guard let holder = try location.branchHolders(of: name).first else { return }
        throw GitError(.exists, "it is checked out at \(holder.worktree.path)")
    }

    private func remake(_ name: String, at id: ObjectID, log: [UInt8]?) throws(GitError) {
        if let log {
            let file = location.logFile(ofBranch: name)
            // git adds to a log that is there. Without one, the branch is worth more than its log.
            _ = try? makeDirectories(file.removingLastComponent())
            if let directory = try? Directory(file.removingLastComponent()) {
                _ = try? file.lastComponent!.withName { name throws(FileError) in try directory.write(log, to: name) }
            }
        }
        try git.run(["update-ref", "--no-deref", "refs/heads/\(name)", id.description, id.nullText], for: .write)
    }
}
