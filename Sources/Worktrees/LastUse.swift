import FileTree
import Git
import SystemPackage

extension WorktreeRecord {
    /// When the worktree was last used, as far as files tell: git's own of it (`HEAD`, `index`, the log of `HEAD`), its
    /// root, and the directories `built` in which cargo makes an entry whenever it builds something. An edit of a file
    /// deep below and a build that finds everything fresh leave no trace in any of them. Nil when there are none.
    public func lastUse(built: [FilePath] = []) -> FileTime? {
        var files = ["HEAD", "index", "logs/HEAD"].map { gitDirectory.pushing(FilePath($0)) } + built
        if !isBare { files.append(path) }
        return files.compactMap { FileStatus.ifPresent($0)?.mtime }.max()
    }
}
