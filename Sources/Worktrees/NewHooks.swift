import FileTree
import Git
import SystemPackage

extension NewPlan {
    /// What runs in the new worktree; nil when no hooks are wanted. The commands of `.wtconfig` are those of the commit
    /// that is checked out: they belong to the files that they are to prepare.
    public func hooks(in repository: borrowing Repository) -> HookPlan? {
        guard options.runsHooks else { return nil }
        let team: Result<TeamConfiguration?, Failure>
        do throws(Failure) {
            team = .success(try TeamConfiguration(of: commit, tree: tree, in: repository))
        } catch {
            team = .failure(error)
        }
        let trust = Trust(of: repository.location, environment: environment)
        return HookPlan(.postNew, own: settings.hooks, team: team, trust: trust)
    }

    /// Runs them in the complete worktree at `root`. A command that fails is no reason to take the worktree away. Adds to
    /// `notes` what the user should know, and returns what to do about it.
    func runPostNew(
        in repository: borrowing Repository, at root: FilePath, _ notes: inout [String],
        progress: (NewProgress) -> Void, isCancelled: () -> Bool
    ) -> [String] {
        guard let plan = hooks(in: repository) else { return [] }
        notes += plan.notes
        if !plan.commands.isEmpty {
            progress(.hook)
            let subject = hookSubject(root, repository.location)
            let failure = plan.run(
                in: root, about: subject, environment: environment, isCancelled: isCancelled)
            if FileStatus.ifPresent(root) == nil {
                notes.append("the worktree was made, and a post-new hook has removed it")
            } else if let failure {
                notes.append("the worktree is made, but \(failure)")
            }
        }
        return plan.untrusted.isEmpty ? [] : [HookPlan.hint(root)]
    }

    /// The new worktree, as its hooks and what `-x` runs see it.
    func hookSubject(_ root: FilePath, _ location: RepositoryLocation) -> HookSubject {
        HookSubject(
            worktree: root, branch: choice.branch, commit: commit, mainWorktree: location.mainWorktree,
            donor: donor?.worktree.path)
    }
}
