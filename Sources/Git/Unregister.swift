import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension RepositoryLocation {
    /// Takes the registration of a linked worktree away, and `worktrees/` when it was the last (delete_git_dir,
    /// builtin/worktree.c). The worktree's own directory is not touched; whether it may go is the caller's to check,
    /// before. Throws `GitError`, also when `directory` is not a directory of this repository.
    public func unregister(_ directory: AdministrativeDirectory) throws(GitError) {
        let parent = commonDirectory.appending("worktrees")
        guard directory.path.removingLastComponent() == parent, directory.path.lastComponent?.kind == .regular,
            FileStatus.ifPresent(directory.path)?.kind == .directory
        else { throw GitError(.notFound, "\(directory.path) is no registration of this repository") }
        try files { () throws(FileError) in try removeTree(directory.path) }
        // Fails while there are others, which is what it is for.
        _ = parent.withPlatformString { rmdir($0) }
    }
}
