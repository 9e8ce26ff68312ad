import FileTree
import Git
import SystemPackage

/// Finds the worktree that a user names: by branch, by directory name, or by path; `@` is the current one, `^` the
/// main one.
public struct WorktreeSearch {
    /// All worktrees, the main one first.
    public let worktrees: [WorktreeRecord]
    /// Where the user stands, absolute.
    public let currentDirectory: FilePath

    /// Prepares the search.
    public init(_ worktrees: [WorktreeRecord], currentDirectory: FilePath) {
        self.worktrees = worktrees
        self.currentDirectory = currentDirectory
    }

    /// The worktree that the user stands in: the innermost one around the current directory.
    public var current: WorktreeRecord? { worktree(around: currentDirectory) }

    /// The worktree that the user was in before: of `places`, the latest first, the first one that is in another worktree
    /// than the current one. Nil when none is.
    public func previous(_ places: [FilePath]) -> WorktreeRecord? {
        let current = current
        return places.lazy.compactMap { worktree(around: $0) }.first { $0 != current }
    }

    /// The innermost worktree around a directory.
    private func worktree(around directory: FilePath) -> WorktreeRecord? {
        let directory = realPath(directory) ?? directory
        return worktrees.filter { !$0.isBare && Self.isInside(directory, $0) }.max {
            $0.path.components.count < $1.path.components.count
        }
    }

    /// Whether the current directory is in the worktree.
    public func isInside(_ worktree: WorktreeRecord) -> Bool {
        Self.isInside(realPath(currentDirectory) ?? currentDirectory, worktree)
    }

    private static func isInside(_ directory: FilePath, _ worktree: WorktreeRecord) -> Bool {
        directory.starts(with: realPath(worktree.path) ?? worktree.path)
    }

    /// The worktree that `name` means; what starts with `/`, `./` or `../` is a path and nothing else. Throws `Failure`
    /// when there is none, or more than one.
    public func worktree(named name: String) throws(Failure) -> WorktreeRecord {
        guard let one = try match(name) else { throw Self.missing(name) }
        return one
    }

    /// What is said of a name that no worktree has.
    public static func missing(_ name: String, hints: [String] = ["wt list"]) -> Failure {
        Failure(.refused, "there is no worktree '\(name)'", hints: hints)
    }

    /// The same where it is no error that there is none: nil then. Throws `Failure` when there is more than one.
    public func match(_ name: String) throws(Failure) -> WorktreeRecord? {
        switch name {
        case "@":
            if let current { return current }
            throw Failure(.refused, "you are not in a worktree")
        case "^":
            if let main = worktrees.first { return main }
        default: break
        }
        // A name that means one worktree as a branch and another as a directory must not pick either: it may be about
        // to be removed.
        let path = name.isEmpty ? nil : currentDirectory.pushing(FilePath(name)).lexicallyNormalized()
        let realPath = path.flatMap { FileTree.realPath($0) }
        let isPlainlyPath = name.hasPrefix("/") || name.hasPrefix("./") || name.hasPrefix("../")
        let matches = worktrees.filter { worktree in
            if worktree.path == path || realPath != nil && realPath == FileTree.realPath(worktree.path) { return true }
            guard !isPlainlyPath, !name.isEmpty else { return false }
            // By bytes, as git and Linux do; a bare repository has its default branch in `HEAD`, and checks out nothing.
            let branch = worktree.isBare ? nil : worktree.head.branch
            let names = [branch, worktree.path.lastComponent?.string, worktree.name?.string]
            return names.contains { $0?.utf8.elementsEqual(name.utf8) == true }
        }
        guard matches.count <= 1 else {
            throw Failure(.refused, "'\(name)' could be any of several worktrees", hints: matches.map(\.path.string))
        }
        return matches.first
    }
}
