import FileTree
import Git
import SystemPackage

extension NewPlan {
    /// The files that git ignores and that the new worktree would get, and what the user should know of them. They come
    /// from the first of these that has any: the worktrees that were named as donors, the one that the user stands in, the
    /// main one. Writes nothing.
    public func includePlan() -> (plan: IncludePlan?, notes: [String]) {
        guard options.includes else { return (nil, []) }
        let search = WorktreeSearch(worktrees, currentDirectory: currentDirectory)
        var sources = options.donors.compactMap { try? search.worktree(named: $0) }
        if let current = search.current { sources.append(current) }
        sources += worktrees.filter { $0.isMain && !$0.isBare }
        var roots: [FilePath] = []
        for source in sources where !roots.contains(source.path) { roots.append(source.path) }
        var (plan, notes) = IncludePlan.first(of: roots, environment: environment)
        if let tree { plan?.leaveOut(filesOf: tree) }
        return (plan, notes)
    }

    /// Copies them into the worktree at `root`, which has been checked out.
    func include(in root: FilePath, _ isCancelled: () -> Bool) -> (included: Included?, notes: [String]) {
        let (plan, notes) = includePlan()
        guard let plan else { return (nil, notes) }
        let included = plan.copy(
            to: root, environment: environment, keepsTimes: donor == nil || donor?.worktree.path == plan.source,
            isCancelled: isCancelled)
        return (included, notes + included.failures)
    }
}

extension Included {
    /// What would be copied, if nothing went wrong.
    init(asIf plan: IncludePlan) {
        self.init(source: plan.source)
        files = plan.files
        identical = Set(plan.files.lazy.filter { !$0.isSymlink }.map(\.path))
    }
}
