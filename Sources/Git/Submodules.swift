import FileTree
import SystemPackage

extension Repository {
    /// Whether a worktree holds a submodule that was initialised, even an unchanged one: git removes no such worktree
    /// without force, since the submodule's own repository may be in it (validate_no_submodules, builtin/worktree.c).
    /// `index` is that of the worktree, for who has it already. Throws `GitError` when the index can't be read.
    public func hasInitialisedSubmodules(
        _ worktree: WorktreeRecord, index: IndexFile? = nil
    ) throws(GitError) -> Bool {
        let modules = worktree.gitDirectory.appending("modules")
        if FileStatus.ifPresent(modules) != nil, !isEmptyDirectory(modules) { return true }
        guard FileStatus.ifPresent(worktree.indexFile) != nil else { return false }
        let index = if let index { index } else { try self.index(of: worktree) }
        // A submodule is a special entry, and few worktrees have any.
        guard index.hasSpecialEntry else { return false }
        return index.contains { entry in
            entry.mode == .submodule
                && FileStatus.ifPresent(worktree.path.pushing(entry.path).appending(".git")) != nil
        }
    }
}
