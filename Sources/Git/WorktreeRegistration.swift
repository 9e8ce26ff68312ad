import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A linked worktree in the making: the files that `git worktree add` writes (add_worktree, builtin/worktree.c), with
/// the same contents, in the same order. Until `finish` the worktree is locked as `initializing`, so that no
/// `git worktree prune` takes it away; `undo` removes what was made, and nothing else.
public struct WorktreeRegistration: Sendable {
    /// What the new worktree shall have checked out.
    public enum Target: Hashable, Sendable {
        /// An existing local branch, by its short name.
        case branch(String)
        /// The commit, and no branch.
        case detached
    }

    /// The worktree's root, without symlinks.
    public let worktree: FilePath
    /// Its administrative directory.
    public let directory: AdministrativeDirectory
    private let root: Made
    private let registration: Made
    private let parents: [FilePath]
    private let keepsLock: Bool

    /// Something that was made or taken over, told from a later one at the same path by its inode.
    struct Made: Sendable {
        let path: FilePath
        let device: UInt64
        let inode: UInt64
        let existedBefore: Bool

        init(_ path: FilePath, existedBefore: Bool = false) throws(FileError) {
            let status = try FileStatus(path)
            self.path = path
            self.device = status.device
            self.inode = status.inode
            self.existedBefore = existedBefore
        }

        /// Whether what stands at the path now is the same directory.
        var isStillThere: Bool {
            guard let now = FileStatus.ifPresent(path) else { return false }
            return now.kind == .directory && now.device == device && now.inode == inode
        }
    }

    /// Registers a worktree at the absolute `path`, which must not exist or be an empty directory, with `commit` in
    /// its `HEAD`. `checksOut` says that files will be written, for which git keeps an `ORIG_HEAD`; a `lockReason`
    /// stays behind as the worktree's lock. `record` learns of each directory. Throws `GitError` (`exists` when the path
    /// is taken or registered), with everything undone.
    public init(
        at path: FilePath, target: Target, commit: ObjectID, in repository: borrowing Repository,
        checksOut: Bool = true, lockReason: String? = nil, record: MakingRecord? = nil
    ) throws(GitError) {
        try Self.refuseTaken(path, repository.location)
        let common = repository.location.commonDirectory
        let (directory, registration) = try Self.makeAdministrativeDirectory(for: path, in: common, record)
        var parents: [FilePath] = []
        var root: Made?
        do throws(GitError) {
            try directory.write("\(lockReason ?? "initializing")\n", to: "locked")
            let made = try Self.makeRoot(path, parents: &parents)
            root = made
            if let record, !made.existedBefore { try record.note(.root(Self.identity(of: made.path))) }
            try Self.link(directory, to: made.path, common)
            try Self.writeHead(directory, made.path, target, commit, repository.environment)
            if checksOut { try Self.recordReset(directory, target, commit) }
            self.worktree = made.path
            self.directory = directory
            self.root = made
            self.registration = registration
            self.parents = parents
            self.keepsLock = lockReason != nil
        } catch {
            try? Self.remove(root: root, registration: registration, parents: parents)
            throw error
        }
    }

    /// Ends the making: takes the lock `initializing` away, or leaves the lock that was asked for. Throws `GitError`.
    public func finish() throws(GitError) {
        guard !keepsLock else { return }
        let lock = directory.path.appending("locked")
        guard lock.withPlatformString({ unlink($0) }) == 0 || errno == ENOENT else {
            throw GitError(FileError("remove", lock, Errno(rawValue: errno)))
        }
    }

    /// Removes the worktree's directory with all that is in it, the directories above it that were made for it, and
    /// the registration. An empty directory that was there before stays, empty. Throws `GitError` when one of them is
    /// not the one that was made; that one stays untouched.
    public func undo() throws(GitError) {
        try Self.remove(root: root, registration: registration, parents: parents)
    }

    private static func remove(root: Made?, registration: Made, parents: [FilePath]) throws(GitError) {
        var failure: GitError?
        func attempt(_ body: () throws(FileError) -> Void) {
            do throws(FileError) { try body() } catch { failure = failure ?? GitError(error) }
        }
        if let root { attempt { () throws(FileError) in try remove(root) } }
        // Deepest first; one that something else was put into stays.
        for parent in parents.reversed() { parent.withPlatformString { _ = rmdir($0) } }
        attempt { () throws(FileError) in try remove(registration) }
        _ = registration.path.removingLastComponent().withPlatformString { rmdir($0) }
        if let failure { throw failure }
    }

    private static func remove(_ made: Made) throws(FileError) {
        guard try FileStatus.ofExisting(made.path) != nil else { return }
        guard made.isStillThere else { throw FileError("remove", made.path, .fileExists) }
        guard made.existedBefore else { return try removeTree(made.path) }
        for entry in try Directory(made.path).entries() { try removeTree(made.path.appending(entry.name)) }
    }
}
