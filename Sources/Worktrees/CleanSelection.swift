import FileTree
import Git
import SystemPackage

/// The worktrees that `wt clean` is about. Names say which; `--merged`, `--older-than` and `--all-but` leave out those
/// for which they do not hold, and choose among all linked worktrees where there are no names. Nothing chooses the main
/// worktree: new worktrees are seeded from it, as a rule, so it has to be named.
struct CleanSelection {
    /// One of them.
    struct Choice {
        let worktree: WorktreeRecord
        /// Its build directories.
        let cache: BuiltCache
        /// Why it was chosen, for people; nil where it was named.
        let reason: String?
    }

    let choices: [Choice]

    init(
        _ options: CleanOptions, among search: WorktreeSearch, in repository: borrowing Repository, now: FileTime
    ) throws(Failure) {
        guard options.names.isEmpty || options.allBut.isEmpty else {
            throw Failure(.usage, "name the worktrees to clean, or with --all-but those to leave, not both")
        }
        var named: [WorktreeRecord] = []
        for name in options.names + (options.names.isEmpty && !options.isSelecting ? ["@"] : []) {
            let worktree = try search.worktree(named: name)
            guard !worktree.isBare, FileStatus.ifPresent(worktree.path)?.kind == .directory else {
                throw Failure(.refused, "cannot clean \(worktree.path): it has no files", hints: ["wt list"])
            }
            if !named.contains(worktree) { named.append(worktree) }
        }
        var spared: [WorktreeRecord] = []
        for name in options.allBut { spared.append(try search.worktree(named: name)) }
        let candidates =
            !named.isEmpty
            ? named
            : search.worktrees.filter { worktree in
                !worktree.isMain && worktree.pruneReason == nil && !spared.contains(worktree)
                    && FileStatus.ifPresent(worktree.path)?.kind == .directory
            }
        let targets = options.isMerged ? MergeTargets(in: repository, search.worktrees) : nil
        var choices: [Choice] = []
        for worktree in candidates {
            var reasons: [String] = []
            if let targets {
                guard case .merged(let reason) = try targets.progress(of: worktree, in: repository) else { continue }
                reasons.append(reason)
            }
            let cache = BuiltCache(of: worktree, in: repository)
            if let limit = options.olderThan {
                guard let last = worktree.lastUse(built: cache.directoriesOfUse) else { continue }
                let age = now.seconds(since: last)
                guard age > limit else { continue }
                reasons.append("last used \(age.daysText)")
            }
            choices.append(
                Choice(
                    worktree: worktree, cache: cache, reason: reasons.isEmpty ? nil : reasons.joined(separator: ", ")))
        }
        self.choices = choices
    }
}

extension Int64 {
    /// Seconds as the largest unit of which there is at least one.
    fileprivate var daysText: String {
        for (length, name) in [(86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")] as [(Int64, String)]
        where self >= length {
            let count = self / length
            return "\(count) \(name)\(count == 1 ? "" : "s") ago"
        }
        return "now"
    }
}
