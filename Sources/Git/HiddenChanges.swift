import FileTree
import SystemPackage

extension IndexFile {
    /// Files below `root` that git was told to pass over (`git update-index --skip-worktree` or `--assume-unchanged`) and
    /// that are there as other files than it has noted: `git status` says nothing of what was edited in them.
    public func hiddenChanges(in root: FilePath) -> [FilePath] {
        guard hasSpecialEntry else { return [] }
        return lazy.filter { $0.isSkipped || $0.isAssumedUnchanged }.filter { entry in
            let path = root.pushing(entry.path)
            guard let status = FileStatus.ifPresent(path) else { return false }
            guard status.mtime.seconds == entry.mtime.seconds, status.mtime.nanoseconds == entry.mtime.nanoseconds,
                UInt32(truncatingIfNeeded: status.size) == entry.size
            else { return true }
            let isUntouched =
                status.ctime.seconds == entry.ctime.seconds && status.ctime.nanoseconds == entry.ctime.nanoseconds
                && UInt32(truncatingIfNeeded: status.inode) == entry.inode
            return !isUntouched && Self.blob(at: path, status.kind) != entry.id
        }.map(\.path)
    }

    private static func blob(at path: FilePath, _ kind: FileKind) -> ObjectID? {
        guard let name = path.lastComponent, let directory = try? Directory(path.removingLastComponent()) else {
            return nil
        }
        var hasher = FileHasher()
        return name.withPlatformString { hasher.read($0, in: directory, isSymlink: kind == .symlink)?.id }
    }
}

extension Repository {
    /// The hidden changes of a worktree whose files are at `root`; where only git can read its index (a split one, for
    /// example), all files there that git was told to pass over. Throws `GitError`.
    public func hiddenChanges(of worktree: WorktreeRecord, in root: FilePath) throws(GitError) -> [FilePath] {
        do throws(GitError) {
            return try index(of: worktree).hiddenChanges(in: root)
        } catch {
            if case .notFound = error.kind { return [] }
            guard case .unsupported = error.kind else { throw error }
        }
        let git = GitCommand(worktree: root, gitDirectory: worktree.gitDirectory, environment: environment)
        // S: skip-worktree; a small letter: assume-unchanged (git-ls-files(1)).
        return try git.run(["ls-files", "-v", "-z"]).output.split(separator: 0).compactMap { line in
            guard let tag = line.first, tag == UInt8(ascii: "S") || tag >= UInt8(ascii: "a") else { return nil }
            let path = FilePath(bytes: line.dropFirst(2))
            return FileStatus.ifPresent(root.pushing(path)) == nil ? nil : path
        }
    }
}
