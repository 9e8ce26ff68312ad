import FileTree
import Git
import SystemPackage

extension NewPlan {
    /// Runs git's hook `post-checkout` in the finished worktree at `root`. Its failure is no reason to take the worktree
    /// away, for git neither. A file that the hook has touched is not `identical` to the donor's any more. Returns what
    /// the user should know.
    func runPostCheckout(
        in repository: borrowing Repository, at root: FilePath, _ identical: inout IdenticalFiles,
        progress: (NewProgress) -> Void = { _ in }
    ) -> [String] {
        guard repository.hook("post-checkout", from: currentDirectory) != nil else { return [] }
        let paths = tree.map { $0.lazy.map(\.path).filter(identical.contains) } ?? []
        let before = paths.concurrentMap { FileStatus.ifPresent(root.appending($0.components)) }
        defer {
            let after = paths.concurrentMap { FileStatus.ifPresent(root.appending($0.components)) }
            let touched = paths.indices.filter { position in
                guard let old = before[position], let new = after[position] else { return true }
                return !new.isUntouched(since: old)
            }
            if !touched.isEmpty { identical.remove(Set(touched.map { paths[$0] })) }
        }
        progress(.hook)
        let what = "the worktree is made, but its post-checkout hook"
        do throws(GitError) {
            let status = try repository.runPostCheckout(in: root, commit: commit, startedIn: currentDirectory)
            return status == nil || status == 0 ? [] : ["\(what) failed with status \(status!)"]
        } catch {
            return ["\(what) did not run: \(error.message)"]
        }
    }
}

extension FileStatus {
    fileprivate func isUntouched(since old: FileStatus) -> Bool {
        inode == old.inode && device == old.device && size == old.size && mode == old.mode && mtime == old.mtime
            && ctime == old.ctime
    }
}
