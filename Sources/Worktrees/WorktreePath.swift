import FileTree
import Git
import SystemPackage

/// Decides where a new worktree goes.
enum WorktreePath {
    /// The path, absolute. Throws `Failure` when something stands there that is not an empty directory, or when it is
    /// registered for another worktree.
    static func resolve(
        _ options: NewOptions, branch: String?, commit: ObjectID, template: PathTemplate,
        location: RepositoryLocation, worktrees: [WorktreeRecord], currentDirectory: FilePath
    ) throws(Failure) -> FilePath {
        if let path = options.path {
            let path = currentDirectory.pushing(path).lexicallyNormalized()
            try refuseTaken(path, worktrees)
            return path
        }
        let repository = location.mainWorktree ?? location.commonDirectory
        let name = branch ?? (options.name.contains("/") || options.name.contains("@") ? commit.short : options.name)
        var path = template.path(branch: name, repository: repository)
        // Two branches can have the same path name (`feature/x` and `feature-x`); an own hash tells them apart.
        if worktrees.contains(where: { isSame($0.path, path) }) {
            path = template.path(branch: name, repository: repository, isSuffixed: true)
        }
        try refuseTaken(path, worktrees)
        return path
    }

    private static func refuseTaken(_ path: FilePath, _ worktrees: [WorktreeRecord]) throws(Failure) {
        if let taken = worktrees.first(where: { isSame($0.path, path) }) {
            guard FileStatus.ifPresent(taken.path) != nil else {
                throw Failure(
                    .refused, "\(path) is registered for a worktree whose directory is gone",
                    hints: [
                        taken.isLocked
                            ? "it is locked: git worktree unlock \(path), if it is not to come back"
                            : "git worktree prune",
                        "git worktree repair, if it was moved",
                    ])
            }
            throw Failure(
                .refused, "\(path) is a worktree already", hints: ["wt list", "choose another place with --path"])
        }
        guard let status = FileStatus.ifPresent(path) else { return }
        let isEmpty = status.kind == .directory && (try? Directory(path).entries().isEmpty) == true
        guard isEmpty else {
            throw Failure(.refused, "\(path) exists already", hints: ["choose another place with --path"])
        }
    }

    private static func isSame(_ a: FilePath, _ b: FilePath) -> Bool {
        if a == b { return true }
        guard let real = realPath(a) else { return false }
        return real == realPath(b)
    }
}
