import FileTree
import SystemPackage

/// `<commondir>/worktrees/<name>`: what git keeps of one linked worktree (gitrepository-layout(5)). Reads the small
/// files itself: libgit2's enumeration skips worktrees, or stops, where one of them is damaged.
public struct AdministrativeDirectory: Hashable, Sendable {
    /// The directory.
    public let path: FilePath

    /// Names a directory; nothing is read yet.
    public init(path: FilePath) { self.path = path }

    /// Its name, which is the worktree's name for git, and unique.
    public var name: FilePath.Component { path.lastComponent! }

    /// What the file `gitdir` holds: the path of the worktree's `.git` file, made absolute. From git 2.48 on it can be
    /// relative to this directory (worktree.useRelativePaths). Nil when it is missing or empty.
    public var gitFile: FilePath? {
        guard let text = contents("gitdir"), !text.isEmpty else { return nil }
        let file = FilePath(bytes: text)
        return file.isAbsolute ? file : file.resolved(from: path)
    }

    /// The root of the worktree, as git derives it: `gitFile` without its last component when that is `.git`
    /// (get_linked_worktree, worktree.c). Nil as there.
    public var worktreePath: FilePath? {
        gitFile.map { $0.lastComponent == ".git" ? $0.removingLastComponent() : $0 }
    }

    /// The reason in the file `locked`, empty when none was given; nil when the worktree is not locked.
    public var lockReason: String? {
        guard FileStatus.ifPresent(path.appending("locked")) != nil else { return nil }
        guard let bytes = try? readFile(path.appending("locked")) else { return "" }
        return Array(bytes.drop { $0.isSpace }).trimmedEnd.text
    }

    /// Why `git worktree prune` would take this directory away, in git's own words (should_prune_worktree,
    /// worktree.c); nil when it would not, as when the worktree is locked.
    public var pruneReason: String? {
        guard FileStatus.ifPresent(path)?.kind == .directory else { return "not a valid directory" }
        guard FileStatus.ifPresent(path.appending("locked")) == nil else { return nil }
        let file = path.appending("gitdir")
        guard FileStatus.ifPresent(file) != nil else { return "gitdir file does not exist" }
        do throws(FileError) { _ = try readFile(file) } catch { return "unable to read gitdir file (\(error.code))" }
        guard let gitFile else { return "invalid gitdir file" }
        return FileStatus.ifPresent(gitFile) == nil ? "gitdir file points to non-existent location" : nil
    }

    /// What the references stand for that this worktree has for itself, and that go with it. They are never packed
    /// (is_per_worktree_ref, refs.c).
    public var ownReferences: [ObjectID] {
        ["refs/worktree", "refs/bisect", "refs/rewritten"].flatMap { Self.references(below: path.pushing($0)) }
    }

    private static func references(below directory: FilePath) -> [ObjectID] {
        guard let opened = try? Directory(directory), let entries = try? opened.entries() else { return [] }
        return entries.flatMap { entry -> [ObjectID] in
            let path = directory.appending(entry.name)
            if entry.kind == .directory { return references(below: path) }
            guard case .id(let id) = ReferenceFiles.looseValue(path) else { return [] }
            return [id]
        }
    }

    /// The bytes of a file here without what git trims behind; nil when it cannot be read.
    func contents(_ name: FilePath.Component) -> ArraySlice<UInt8>? {
        (try? readFile(path.appending(name)))?.trimmedEnd
    }
}

extension RepositoryLocation {
    /// Every directory under `worktrees/`, damaged ones included, sorted by name. Empty when there is none. Throws
    /// `GitError` when it cannot be read.
    public func administrativeDirectories() throws(GitError) -> [AdministrativeDirectory] {
        let parent = commonDirectory.appending("worktrees")
        return try files { () throws(FileError) in
            // Not to be seen is not the same as not to be there: a branch would seem to be free, and a cache nobody's.
            guard try FileStatus.ofExisting(parent) != nil else { return [] }
            return try Directory(parent).entries().map { AdministrativeDirectory(path: parent.appending($0.name)) }
        }
    }
}
