import FileTree
import SystemPackage

/// What stands of a worktree whose maker was killed: looked at, nothing touched yet.
public struct UnfinishedWorktree: Sendable {
    /// What it was to be.
    public let making: Making
    /// The administrative directories that were made for it: one, or none; more only where git was killed right after
    /// it had begun.
    public let registrations: [AdministrativeDirectory]
    /// What stands at its path.
    public let root: Root
    private let location: RepositoryLocation

    /// What stands at the path.
    public enum Root: Hashable, Sendable {
        /// Nothing.
        case nothing
        /// The directory that was made for it, or was there, empty.
        case own
        /// An empty directory; whether it was made for it had not been noted yet.
        case empty
        /// Something else.
        case foreign
    }

    /// Looks at what a record says. Throws `GitError` when `worktrees/` cannot be read.
    public init(_ entry: MakingRecords.Entry, making: Making, in location: RepositoryLocation) throws(GitError) {
        self.making = making
        self.location = location
        registrations = try Self.registrations(of: making, since: entry.changed, in: location)
        root = Self.root(of: making, registrations)
    }

    /// Looks at what a git has left that was stopped while it cleaned up behind itself (remove_junk, builtin/worktree.c). It
    /// takes the registration away first, file by file, and then the worktree, whose `.git` still says where the
    /// registration was when that does not lead to the worktree any more. `known` are the administrative directories that
    /// were there before.
    public init(leftByGitIn record: MakingRecord, known: Set<FilePath>, in location: RepositoryLocation) {
        let making = record.current
        self.making = making
        self.location = location
        let file = making.path.appending(".git")
        let target = gitFileTarget(file).flatMap { realPath($0) }
        let place = realPath(location.commonDirectory.appending("worktrees"))
        let isOurs =
            target.map {
                $0.removingLastComponent() == place && AdministrativeDirectory(path: $0).gitFile == nil
                    && !known.compactMap { realPath($0) }.contains($0)
            } ?? true
        registrations = isOurs ? target.map { [AdministrativeDirectory(path: $0)] } ?? [] : []
        if let now = try? LastingIdentity(making.path) {
            root = isOurs && now == making.root ?? making.standing ? .own : .foreign
        } else {
            root = .nothing
        }
    }

    /// Whether all of its files were written: the index comes last, and the lock that is taken away after it is no
    /// matter any more. Whoever has put a half-made worktree in order by himself has an index, too.
    public var isComplete: Bool {
        registrations.contains { FileStatus.ifPresent($0.path.appending("index")) != nil }
    }

    /// Whether it still has the lock under which a worktree stands while it is being made.
    public var isLocked: Bool { registrations.contains { $0.lockReason == "initializing" } }

    /// Whether anything of it is there.
    public var hasLeftovers: Bool {
        root == .own || root == .empty || !registrations.isEmpty
            || making.missing.contains { FileStatus.ifPresent($0) != nil }
    }

    /// Takes that lock away, and before it those that a git that was killed had on files beside it. Throws `GitError`.
    public func finish() throws(GitError) {
        for directory in registrations where directory.lockReason == "initializing" {
            try files { () throws(FileError) in
                for name in ["HEAD.lock", "ORIG_HEAD.lock", "index.lock", "locked"] as [FilePath.Component] {
                    try removeTree(directory.path.appending(name))
                }
            }
        }
    }

    /// Removes its directory, those above that were made for it, and its registration. Throws `GitError`.
    public func undo() throws(GitError) {
        let path = making.path
        switch root {
        case .own where making.standing != nil: try removeContents()
        case .own: try files { () throws(FileError) in try removeTree(path) }
        case .empty: try? removeEmptyDirectory(path)
        case .nothing where making.standing != nil: try files { () throws(FileError) in try makeDirectories(path) }
        case .nothing, .foreign: break
        }
        // Deepest first; one that something else was put into stays.
        for directory in making.missing { try? removeEmptyDirectory(directory) }
        for directory in registrations { try location.unregister(directory) }
        try? removeEmptyDirectory(location.commonDirectory.appending("worktrees"))
    }

    private func removeContents() throws(GitError) {
        try files { () throws(FileError) in
            for entry in try Directory(making.path).entries() { try removeTree(making.path.appending(entry.name)) }
        }
    }

    /// A file below the root that its commit does not have: somebody has put it there. Nil when there is none. Throws
    /// `GitError` when that cannot be told.
    public func foreignFile(in repository: borrowing Repository) throws(GitError) -> FilePath? {
        let listing = try repository.git.run([
            "ls-tree", "-r", "-z", "--name-only", "--full-tree", making.commit.description,
        ])
        var expected = Set(listing.output.split(separator: 0).map { FilePath(bytes: $0) })
        expected.insert(".git")
        return try files { () throws(FileError) in try Self.file(notIn: expected, below: making.path, at: "") }
    }

    private static func file(
        notIn expected: Set<FilePath>, below root: FilePath, at place: FilePath
    ) throws(FileError) -> FilePath? {
        for entry in try Directory(root.pushing(place)).entries() {
            let path = place.appending(entry.name)
            if expected.contains(path) { continue }
            guard entry.kind == .directory else { return path }
            if let found = try file(notIn: expected, below: root, at: path) { return found }
        }
        return nil
    }

    // MARK: Whose is it

    private static func registrations(
        of making: Making, since: FileTime, in location: RepositoryLocation
    ) throws(GitError) -> [AdministrativeDirectory] {
        let all = try location.administrativeDirectories()
        guard making.isByGit else {
            return all.filter { directory in
                guard directory.name == making.administrativeName else { return false }
                // Killed between making it and noting that it was made: whatever else is empty there is of no use.
                guard let noted = making.administrativeDirectory else { return isEmptyDirectory(directory.path) }
                return (try? LastingIdentity(directory.path)) == noted
            }
        }
        guard making.hasStartedGit else { return [] }
        let gitFile = realRoot(of: making).appending(".git")
        let family = administrativeName(for: making.path)
        let isRootGone = FileStatus.ifPresent(making.path) == nil
        let isRootOwn = (try? LastingIdentity(making.path)) == making.root ?? making.standing
        return all.filter { directory in
            guard let status = FileStatus.ifPresent(directory.path), status.mtime >= since else { return false }
            guard let named = directory.gitFile else {
                // Killed before git had written where it belongs.
                return directory.name.bytes.starts(with: family)
                    && directory.name.bytes.dropFirst(family.count).allSatisfy { (0x30...0x39).contains($0) }
            }
            guard named == gitFile else { return false }
            return isRootOwn || isRootGone && directory.lockReason == "initializing"
        }
    }

    private static func root(of making: Making, _ registrations: [AdministrativeDirectory]) -> Root {
        let path = making.path
        guard let status = FileStatus.ifPresent(path) else { return .nothing }
        guard status.kind == .directory, let now = try? LastingIdentity(path) else { return .foreign }
        guard let noted = making.root ?? making.standing else { return isEmptyDirectory(path) ? .empty : .foreign }
        guard now == noted else { return .foreign }
        // A directory that was not made for it is its own only when it says so itself.
        let isCertain = making.root != nil && noted.isUnmistakable
        let file = path.appending(".git")
        guard let git = FileStatus.ifPresent(file) else {
            // It comes before all other files, and can go first when the worktree is removed.
            let isHalfRemoved = making.isBeingUndone || making.hasStartedGit
            return isEmptyDirectory(path) || isCertain && isHalfRemoved ? .own : .foreign
        }
        guard git.kind == .file else { return .foreign }
        guard let target = gitFileTarget(file), let named = realPath(target) else {
            // Half written, or the registration has been removed already, as git does it when it cleans up.
            return isCertain ? .own : .foreign
        }
        return registrations.contains { realPath($0.path) == named } ? .own : .foreign
    }

    /// Where the worktree is, symlinks resolved, as its registration has it.
    private static func realRoot(of making: Making) -> FilePath {
        if let real = realPath(making.path) { return real }
        let above = making.path.removingLastComponent()
        return (realPath(above) ?? above).appending(making.path.lastComponent!)
    }
}
