import FileTree
import Git
import SystemPackage

/// Decides where a new worktree goes.
enum WorktreePath {
    /// The places it may have, absolute, the best one first. Two branches can have the same path name (`feature/x` and
    /// `feature-x`); an own hash tells them apart. Throws `Failure` for a place that a repository may not ask for.
    static func candidates(
        _ options: NewOptions, branch: String?, commit: ObjectID, template: PathTemplate,
        location: RepositoryLocation, currentDirectory: FilePath
    ) throws(Failure) -> [FilePath] {
        if let path = options.path {
            let path = currentDirectory.pushing(path).lexicallyNormalized()
            try refuseOwnFiles(path, location)
            return [path]
        }
        let repository = location.mainWorktree ?? location.commonDirectory
        let name = branch ?? (options.name.contains("/") || options.name.contains("@") ? commit.short : options.name)
        let paths = [false, true].map { template.path(branch: name, repository: repository, isSuffixed: $0) }
        for path in paths { try refuseOwnFiles(path, location) }
        if template.isFromRepository {
            for path in paths { try refuseDetour(path, from: repository.removingLastComponent()) }
        }
        return paths
    }

    /// Worktrees can be kept in the repository's own directory, in a bare one above all, but not among what git keeps there,
    /// nor in wt's trash, whose contents are deleted.
    private static func refuseOwnFiles(_ path: FilePath, _ location: RepositoryLocation) throws(Failure) {
        var place = resolved(path)
        guard place.removePrefix(location.commonDirectory), let first = place.components.first, isOfGit(first) else {
            return
        }
        throw Failure(
            .refused, "\(path) is among the repository's own files, in \(location.commonDirectory.appending(first))",
            hints: ["choose another place with --path"])
    }

    /// Directories of a repository (gitrepository-layout(5)), and wt's own.
    private static func isOfGit(_ name: FilePath.Component) -> Bool {
        let names = [
            "objects", "refs", "hooks", "info", "logs", "worktrees", "modules", "branches", "remotes", "lfs",
            "rr-cache", "reftable", "common",
        ]
        return names.contains(name.string) || name.string.hasPrefix("wt-")
    }

    /// A symlink beside the repository can have come with the files of another one, a submodule's with those around it,
    /// and then leads to where the repository may not ask for.
    private static func refuseDetour(_ path: FilePath, from parent: FilePath) throws(Failure) {
        var place = parent
        for component in path.components.dropFirst(parent.components.count) {
            place.append(component)
            guard path.starts(with: parent), FileStatus.ifPresent(place)?.kind != .symlink else {
                throw Failure(
                    .refused, "\(path) is not a place that a repository may ask for: \(place) leads elsewhere",
                    hints: ["--path <dir>", "git config wt.path <path>   is your own choice, and counts more"])
            }
        }
    }

    /// The candidates from the first on that is no worktree's, and is none of the paths at which one is being `made`.
    /// Throws `Failure` when there is none, or when something stands there that is not an empty directory.
    static func resolve(
        _ candidates: [FilePath], worktrees: [WorktreeRecord], made: [Making]
    ) throws(Failure) -> ArraySlice<FilePath> {
        let isFree = { (path: FilePath) in
            !worktrees.contains { isSame($0.path, path) } && !made.contains { isSame($0.path, path) }
        }
        let left = candidates.drop { !isFree($0) }
        let path = left.first ?? candidates[candidates.endIndex - 1]
        if made.contains(where: { isSame($0.path, path) }) {
            throw Failure(
                .refused, "another wt new is making a worktree at \(path)", hints: ["choose another place with --path"])
        }
        try refuseTaken(path, worktrees)
        return left
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
        guard FileStatus.ifPresent(path) != nil else { return }
        guard isEmptyDirectory(path) else {
            throw Failure(.refused, "\(path) exists already", hints: ["choose another place with --path"])
        }
    }

    static func isSame(_ a: FilePath, _ b: FilePath) -> Bool {
        if a == b { return true }
        guard let real = realPath(a) else { return false }
        return real == realPath(b)
    }
}
