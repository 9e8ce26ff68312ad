import FileTree
import SystemPackage

/// A repository that can have come with the files of another one. Nobody can commit a `.git`, but HEAD, objects, refs and
/// config in a directory of another name are files like others, and git takes such a directory for a bare repository
/// (setup_git_directory_gently, setup.c).
enum EmbeddedRepository {
    /// Whether the repository that was found from `start` is the one to which a `.git` on the way up leads. git can be
    /// told to refuse any other (safe.bareRepository).
    static func isNamed(_ gitDirectory: FilePath, from start: FilePath) -> Bool {
        guard var place = realPath(start) else { return false }
        while place != gitDirectory {
            if target(of: place.appending(".git")) == gitDirectory { return true }
            guard place.removeLastComponent() else { return false }
        }
        return place.lastComponent == ".git"
    }

    /// The root of the worktree with whose files `directory`, a git directory by its real path, can have been committed.
    /// Nil when that cannot be: there is no worktree around it, or its way from there leads through a `.git`.
    static func worktree(around directory: FilePath) -> FilePath? {
        var place = directory
        while place.lastComponent != ".git", place.removeLastComponent() {
            let entry = place.appending(".git")
            guard FileStatus.ifPresent(entry) != nil else { continue }
            // `.git` says "gitdir: ./.bare": whoever made that file made the repository.
            return target(of: entry).map { directory.starts(with: $0) } == true ? nil : place
        }
        return nil
    }

    /// The real path of the git directory that `.git` is or names.
    private static func target(of entry: FilePath) -> FilePath? {
        switch FileStatus.ifPresent(entry)?.kind {
        case .directory, .symlink: realPath(entry)
        case .file: gitFileTarget(entry).flatMap { realPath($0) }
        default: nil
        }
    }
}
