import FileTree
import SystemPackage

/// Whether a worktree's directory and its registration name each other. Only `consistent` allows a directory to be
/// removed: anything else may be another repository that took the path (validate_worktree, worktree.c).
public enum BackPointer: Hashable, Sendable {
    /// `<worktree>/.git` names the administrative directory, and that one's `gitdir` names this file.
    case consistent
    /// There is no directory at the worktree's path.
    case worktreeMissing
    /// What is at the worktree's path cannot be seen, as below a directory that may not be searched.
    case unseen(String)
    /// The directory is there, without a `.git`.
    case gitFileMissing
    /// `.git` is a directory (a repository of its own), a symlink, or does not say `gitdir: <path>`.
    case notAGitFile
    /// `.git` names another git directory.
    case namesAnother(FilePath)
    /// `.git` names the administrative directory, but that one's `gitdir` names another place, or nothing: the worktree
    /// was moved or copied by hand (`git worktree repair` mends the first).
    case registeredElsewhere(FilePath?)

    /// Checks the worktree that `directory` registers.
    public static func check(_ directory: AdministrativeDirectory) -> BackPointer {
        guard let path = directory.worktreePath else { return .registeredElsewhere(nil) }
        return check(directory, worktree: path)
    }

    /// Checks whether the directory at `worktree` is the one that `directory` registers.
    public static func check(_ directory: AdministrativeDirectory, worktree: FilePath) -> BackPointer {
        do throws(FileError) {
            guard try FileStatus.ofExisting(worktree)?.kind == .directory else { return .worktreeMissing }
        } catch {
            return .unseen(error.description)
        }
        let file = worktree.appending(".git")
        guard let status = FileStatus.ifPresent(file) else { return .gitFileMissing }
        guard status.kind == .file, let target = gitFileTarget(file) else { return .notAGitFile }
        guard let named = realPath(target), named == realPath(directory.path) else { return .namesAnother(target) }
        guard let registered = directory.gitFile, realPath(registered) == realPath(file) else {
            return .registeredElsewhere(directory.gitFile)
        }
        return .consistent
    }
}

/// The git directory that a `.git` file names, relative paths seen from where the file is; nil when it is no such file. It
/// need not exist.
public func gitDirectory(namedBy file: FilePath) -> FilePath? {
    FileStatus.ifPresent(file)?.kind == .file ? gitFileTarget(file) : nil
}

/// The directory that a `.git` file names, relative ones seen from where the file is (read_gitfile_gently, setup.c);
/// nil when it is no such file.
func gitFileTarget(_ file: FilePath) -> FilePath? {
    guard let bytes = try? readFile(file), bytes.starts(with: Array("gitdir: ".utf8)) else { return nil }
    // git takes line ends away behind, and no other white space.
    let text = bytes.dropFirst(8)
    guard let last = text.lastIndex(where: { $0 != 0x0a && $0 != 0x0d }) else { return nil }
    let path = FilePath(bytes: text[...last])
    return path.isAbsolute ? path : file.removingLastComponent().pushing(path)
}
