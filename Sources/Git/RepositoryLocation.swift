import FileTree
import SystemPackage

/// Where a repository's parts are, as absolute paths without symlinks.
public struct RepositoryLocation: Hashable, Sendable {
    /// The git directory of the worktree that was discovered: `.git` itself, or `.git/worktrees/<name>` in a linked
    /// worktree (`git rev-parse --git-dir`).
    public let gitDirectory: FilePath
    /// What all worktrees share: objects, refs, config (`git rev-parse --git-common-dir`).
    public let commonDirectory: FilePath
    /// The root of the discovered worktree; nil in a bare repository.
    public let workingTree: FilePath?
    /// The main worktree's root; nil when the repository is bare.
    public let mainWorktree: FilePath?

    /// Whether the discovered repository has no worktree of its own (`git rev-parse --is-bare-repository`); false in
    /// a linked worktree of a bare repository.
    public var isBare: Bool { workingTree == nil }
    /// Whether a linked worktree was discovered.
    public var isLinked: Bool { gitDirectory != commonDirectory }

    init(
        gitDirectory: FilePath, commonDirectory: FilePath, workingTree: FilePath?, configuration: Configuration
    ) throws(GitError) {
        self.gitDirectory = gitDirectory
        self.commonDirectory = commonDirectory
        self.workingTree = workingTree
        guard gitDirectory != commonDirectory else {
            mainWorktree = workingTree
            return
        }
        // In a linked worktree git ignores core.bare and core.worktree for itself; they describe the main one.
        if try configuration.bool(forKey: "core.bare") == true {
            mainWorktree = nil
        } else if let configured = configuration.path(forKey: "core.worktree") {
            let path = configured.resolved(from: commonDirectory)
            mainWorktree = realPath(path) ?? path
        } else if commonDirectory.lastComponent == ".git" {
            mainWorktree = commonDirectory.removingLastComponent()
        } else {
            mainWorktree = nil
        }
    }
}
