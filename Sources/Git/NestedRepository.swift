import FileTree
import SystemPackage

/// A repository or worktree of its own inside an untracked directory, which git shows as one path whatever is in it
/// (is_nonbare_repository_dir, setup.c).
enum NestedRepository {
    /// Whether `place`, which is a `.git` of this kind, makes one beyond doubt. `false` proves nothing.
    static func isCertain(_ kind: FileKind, _ place: FilePath) -> Bool {
        switch kind {
        case .directory: return isGitDirectory(place, common: place)
        case .file:
            guard let target = gitFileTarget(place), let real = realPath(target) else { return false }
            guard let link = try? readFile(real.appending("commondir")) else {
                return isGitDirectory(real, common: real)
            }
            return isGitDirectory(real, common: FilePath(bytes: link.trimmedEnd).resolved(from: real))
        default: return false
        }
    }

    /// is_git_directory, setup.c, for the ordinary.
    private static func isGitDirectory(_ place: FilePath, common: FilePath) -> Bool {
        guard ReferenceFiles.looseValue(place.appending("HEAD")) != nil else { return false }
        return ["objects", "refs"].allSatisfy { FileStatus.ifPresent(common.appending($0))?.kind == .directory }
    }
}
