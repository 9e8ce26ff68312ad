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
        return try submodules(of: worktree, index).contains { path in
            FileStatus.ifPresent(worktree.path.pushing(path).appending(".git")) != nil
        }
    }

    private func submodules(of worktree: WorktreeRecord, _ index: IndexFile?) throws(GitError) -> [FilePath] {
        do throws(GitError) {
            let index = if let index { index } else { try self.index(of: worktree) }
            // A submodule is a special entry, and few worktrees have any.
            return index.hasSpecialEntry ? index.filter { $0.mode == .submodule }.map(\.path) : []
        } catch {
            guard case .unsupported = error.kind else { throw error }
        }
        // Run in the registration, since the files may be elsewhere.
        let git = GitCommand(at: worktree.gitDirectory, environment: environment)
        let listing = try git.run(["ls-files", "--stage", "-z"]).output
        return listing.split(separator: 0).compactMap { line in
            guard line.starts(with: "160000 ".utf8), let tab = line.firstIndex(of: 0x09) else { return nil }
            return FilePath(bytes: line[(tab + 1)...])
        }
    }
}
