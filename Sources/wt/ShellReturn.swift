import FileTree
import SystemPackage
import Worktrees

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Session {
    /// Where a shell can come back to when the worktree that it is in goes: the main worktree. Nil without integration,
    /// and in a repository that has none.
    var placeToReturnTo: FilePath? {
        // With GIT_DIR and its like git answers for one worktree, wherever it is run.
        guard ShellHandover.current.isIntegrated, getenv("GIT_DIR") == nil,
            let main = repository.location.mainWorktree, FileStatus.ifPresent(main)?.kind == .directory
        else { return nil }
        return main
    }

    /// The same with the repository opened from `directory`; nil where another one, or none, is found there, as
    /// `core.worktree` can have it.
    func seen(from directory: FilePath) -> Session? {
        guard let other = try? Session(self, at: directory),
            other.repository.location.commonDirectory == repository.location.commonDirectory
        else { return nil }
        return other
    }
}

/// A directory that the shell is in and that is about to go. The shell is told where to go before anything is removed:
/// should this process be killed in the middle, the shell is not left in a directory that is gone.
struct LeftDirectory {
    private let path: FilePath
    private let status: FileStatus?

    /// Leaves `path` for `main`, with this process and, when it ends, with the shell. Throws `Failure` when either cannot
    /// be.
    init(_ path: FilePath, for main: FilePath, _ story: Story) throws(Failure) {
        self.path = path
        status = FileStatus.ifPresent(path)
        guard main.withPlatformString({ chdir($0) }) == 0 else {
            throw Failure(.failed, "cannot change into \(main): \(Errno(rawValue: errno))")
        }
        try story.go(to: main)
    }

    /// Has the shell stay where it is when the directory, and no other in its place, is there after all.
    func returnIfPresent() {
        guard let status, let now = FileStatus.ifPresent(path), now.inode == status.inode, now.device == status.device
        else { return }
        ShellHandover.current.stay()
    }
}
