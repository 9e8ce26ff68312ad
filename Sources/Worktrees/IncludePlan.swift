import FileTree
import Git
import SystemPackage

/// What a new worktree gets of the files that git ignores: those that `.worktreeinclude` asks for, in the root of the
/// worktree that they come from. Only looked at so far.
///
/// Both the patterns and the files are one worktree's, as they are on disk there; the commit that is checked out has no say
/// in it. A branch from elsewhere could otherwise name the secrets that it would like to have.
public struct IncludePlan: Sendable {
    /// The file with the patterns, in the root of a worktree.
    public static let name: FilePath.Component = ".worktreeinclude"

    /// A file to be copied.
    public struct File: Sendable {
        /// Seen from the root of the worktree.
        public let path: FilePath
        /// Whether it is a symlink, which stays one.
        public let isSymlink: Bool
        /// Its length in bytes.
        public let size: Int64
    }

    /// What the patterns ask for all the same, and a new worktree does not get.
    public struct LeftOut: Hashable, Sendable {
        /// Seen from the root of the worktree.
        public let path: FilePath
        /// Why, for people.
        public let reason: String
    }

    /// The root of the worktree that the files come from.
    public let source: FilePath
    /// The files, those of one directory as good as together.
    public internal(set) var files: [File] = []
    /// What is left out.
    public internal(set) var leftOut: [LeftOut] = []

    /// Looks for the files in the first of these worktrees that has any to give. Returns nil when none has, and what the
    /// user should know.
    static func first(
        of roots: [FilePath], environment: [String: String]
    ) -> (plan: IncludePlan?, notes: [String]) {
        for root in roots {
            let list = root.appending(name)
            guard FileStatus.ifPresent(list) != nil else { continue }
            let failure = { (reason: String) in
                (nil as IncludePlan?, ["no file that git ignores was copied: \(list): \(reason)"])
            }
            do {
                let patterns = try IncludePatterns(readFile(list))
                if patterns.isEmpty { continue }
                let plan = try IncludePlan(patterns, from: root, environment: environment)
                if !plan.files.isEmpty || !plan.leftOut.isEmpty { return (plan, []) }
            } catch let error as GitError {
                return failure(error.message)
            } catch {
                return failure("\(error)")
            }
        }
        return (nil, [])
    }

    private init(_ patterns: IncludePatterns, from root: FilePath, environment: [String: String]) throws {
        source = root
        let top = try Directory(root)
        for entry in try GitCommand(worktree: root, environment: environment).ignoredEntries() {
            let path = FilePath(bytes: entry.path)
            if !entry.isDirectory {
                guard patterns.select(entry.path, isDirectory: false) else { continue }
                guard let directory = top.descend(path.removingLastComponent()), let name = path.lastComponent else {
                    continue
                }
                add(name, at: path, in: directory)
            } else if patterns.select(entry.path, isDirectory: true) {
                walk(path, from: top, nil)
            } else if let some = patterns.leading(into: entry.path) {
                walk(path, from: top, some)
            }
        }
    }

    /// Takes out what the commit itself has at one of these paths, and what would lie in a submodule: git makes that only in
    /// an empty directory.
    mutating func leaveOut(filesOf tree: TreeListing) {
        files.removeAll { file in
            let isCommitted = tree.position(of: file.path) != nil
            guard isCommitted || tree.isInSubmodule(file.path) else { return false }
            let reason = isCommitted ? "it is in the commit" : "a submodule is there in the commit"
            leftOut.append(LeftOut(path: file.path, reason: reason))
            return true
        }
    }
}
