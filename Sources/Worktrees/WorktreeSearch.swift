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
    public var current: WorktreeRecord? {
        worktrees.filter { !$0.isBare && isInside($0) }.max { $0.path.components.count < $1.path.components.count }
    }

    /// Whether the current directory is in the worktree.
    public func isInside(_ worktree: WorktreeRecord) -> Bool {
        let here = realPath(currentDirectory) ?? currentDirectory
        return here.starts(with: realPath(worktree.path) ?? worktree.path)
    }

    /// The worktree that `name` means. Throws `Failure` when there is none, or more than one.
    public func worktree(named name: String) throws(Failure) -> WorktreeRecord {
        switch name {
        case "@":
            if let current { return current }
            throw Failure(.refused, "you are not in a worktree")
        case "^":
            if let main = worktrees.first { return main }
        default: break
        }
        let byBranch = worktrees.filter { $0.head.branch == name }
        if let one = byBranch.first, byBranch.count == 1 { return one }
        let path = currentDirectory.pushing(FilePath(name)).lexicallyNormalized()
        let real = realPath(path)
        let byPath = worktrees.filter { $0.path == path || (real != nil && realPath($0.path) == real) }
        if let one = byPath.first, byPath.count == 1 { return one }
        let byName = worktrees.filter { $0.path.lastComponent?.string == name || $0.name?.string == name }
        if let one = byName.first, byName.count == 1 { return one }
        let matches = byBranch + byPath + byName
        guard matches.isEmpty else {
            throw Failure(.refused, "'\(name)' could be any of several worktrees", hints: matches.map(\.path.string))
        }
        throw Failure(.refused, "there is no worktree '\(name)'", hints: ["wt list"])
    }
}
