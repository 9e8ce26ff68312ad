import FileTree
import SystemPackage

extension GitCommand {
    /// Files in the index at or below `directory`, which is relative to the worktree's root; git reads every kind of
    /// index. Throws `GitError`.
    public func trackedFiles(below directory: FilePath) throws(GitError) -> [FilePath] {
        let outcome = try run(["--literal-pathspecs", "ls-files", "-z", "--cached", "--", directory.string])
        return outcome.output.split(separator: 0).map { FilePath(bytes: $0) }
    }
}
