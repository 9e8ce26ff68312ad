import Git
import SystemPackage

extension RemovalPlan {
    /// What runs before and after the removal of `worktree`. The commands of `.wtconfig` are those of the file that stands
    /// in it: it is what the worktree has been used with. A worktree whose directory is gone has none, and nothing runs in
    /// it.
    ///
    /// Commands that are not trusted are passed over, and said to be: a file that nobody has approved of is not to decide
    /// whether a worktree can be removed.
    static func hooks(
        of worktree: WorktreeRecord, isGone: Bool, _ options: RemovalOptions, in repository: borrowing Repository
    ) -> [HookPlan] {
        guard let own = options.hooks else { return [] }
        var team: Result<TeamConfiguration?, Failure> = .success(nil)
        if !isGone {
            do throws(Failure) { team = .success(try TeamConfiguration(in: worktree.path)) } catch {
                team = .failure(error)
            }
        }
        let trust = Trust(of: repository.location, environment: repository.environment)
        let events: [HookEvent] = isGone ? [.postRemoval] : [.preRemoval, .postRemoval]
        return events.map { HookPlan($0, own: own, team: team, trust: trust) }
    }

    /// Runs what comes before. Throws `Failure` when a command fails: it may have had a reason.
    func run(_ before: HookPlan, in repository: borrowing Repository, _ isCancelled: () -> Bool) throws(Failure) {
        let failure = before.run(
            in: worktree.path, about: hookSubject(repository.location), environment: repository.environment,
            isCancelled: isCancelled)
        if isCancelled() { throw Failure(.interrupted, "interrupted; \(worktree.path) was not removed") }
        guard let failure else { return }
        throw Failure(
            .refused, "cannot remove \(worktree.path): \(failure)", hints: ["--no-hooks removes it without asking them"]
        )
    }

    func hookSubject(_ location: RepositoryLocation) -> HookSubject {
        HookSubject(
            worktree: worktree.path, branch: worktree.head.branch, commit: worktree.head.commit,
            mainWorktree: location.mainWorktree)
    }
}
