import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension WorktreeRegistration {
    /// check_candidate_path (builtin/worktree.c): the path must be free, and no registration may name it.
    static func refuseTaken(_ path: FilePath, _ location: RepositoryLocation) throws(GitError) {
        guard path.isAbsolute, path.lastComponent != nil else {
            throw GitError(.invalidName, "'\(path)' is no absolute path")
        }
        guard FileStatus.ifPresent(path) == nil || isEmptyDirectory(path) else { throw taken(path) }
        let places = [path, realPath(path) ?? path]
        for worktree in try location.worktrees() where places.contains(worktree.path) {
            throw GitError(.exists, "'\(path)' is a missing but already registered worktree")
        }
    }

    /// Makes the worktree's directory and those above it. `parents` receives those above that were missing, topmost
    /// first, before any is made, so that they can be taken away whatever happens.
    static func makeRoot(_ path: FilePath, parents: inout [FilePath]) throws(GitError) -> Made {
        if FileStatus.ifPresent(path) != nil {
            return try files { () throws(FileError) in try Made(realPath(path) ?? path, existedBefore: true) }
        }
        var above = path.removingLastComponent()
        while !above.isEmpty, FileStatus.ifPresent(above) == nil {
            parents.insert(above, at: 0)
            above.removeLastComponent()
        }
        // Whoever undoes another worktree there meanwhile takes the directories above away while they are empty.
        for attempt in 0... {
            do throws(FileError) {
                try makeDirectories(path.removingLastComponent())
                try makeDirectory(path)
                break
            } catch {
                if error.code == .fileExists, error.path == path { throw taken(path) }
                if error.code == .noSuchFileOrDirectory, attempt < 100 { continue }
                throw GitError(error)
            }
        }
        do throws(FileError) {
            return try Made(realPath(path) ?? path)
        } catch {
            // Nobody knows of it yet who would take it away.
            path.withPlatformString { _ = rmdir($0) }
            throw GitError(error)
        }
    }

    static func taken(_ path: FilePath) -> GitError { GitError(.exists, "'\(path)' already exists") }

    /// mkdir(2) decides who gets a name, so two processes at once get two.
    static func makeAdministrativeDirectory(
        for path: FilePath, in common: FilePath, _ record: MakingRecord? = nil
    ) throws(GitError) -> (AdministrativeDirectory, Made) {
        let parent = common.appending("worktrees")
        let name = administrativeName(for: path)
        var number = 0
        for _ in 0..<100_000 {
            guard parent.withPlatformString({ mkdir($0, 0o777) }) == 0 || errno == EEXIST else {
                throw GitError(FileError("create", parent, Errno(rawValue: errno)))
            }
            let candidate = FilePath(bytes: name + (number == 0 ? "" : "\(number)").utf8).lastComponent!
            let directory = parent.appending(candidate)
            var isOurs = false
            do throws(GitError) {
                if FileStatus.ifPresent(directory) == nil {
                    try record?.note(.administrativeName(candidate))
                    try files { () throws(FileError) in try makeDirectory(directory) }
                    isOurs = true
                    if let record { try record.note(.administrativeDirectory(identity(of: directory))) }
                    let made = try files { () throws(FileError) in try Made(directory) }
                    return (AdministrativeDirectory(path: directory), made)
                }
            } catch {
                // `worktrees/` goes with the last registration in it, which somebody else may have removed just now.
                if error.kind == .notFound { continue }
                if error.kind != .exists {
                    if isOurs { directory.withPlatformString { _ = rmdir($0) } }
                    // Fails unless it is empty.
                    parent.withPlatformString { _ = rmdir($0) }
                    throw error
                }
            }
            number += 1
        }
        throw GitError(.exists, "no name is left in \(parent)")
    }

    static func identity(of path: FilePath) throws(GitError) -> LastingIdentity {
        try files { () throws(FileError) in try LastingIdentity(path) }
    }

    /// Makes directory and registration name each other. `commondir` is relative, so that the repository can move.
    static func link(
        _ directory: AdministrativeDirectory, to worktree: FilePath, _ common: FilePath
    ) throws(GitError) {
        try directory.write(worktree.appending(".git").bytes + [0x0a], to: "gitdir")
        let name = FilePath(bytes: Array("worktrees/".utf8) + directory.name.bytes)
        let text = Array("gitdir: ".utf8) + common.pushing(name).bytes + [0x0a]
        try files { () throws(FileError) in
            try Directory(worktree).write(text, to: ".git", mode: 0o666)
        }
        // Without a HEAD it would be no git directory, and git would refuse to write the real one.
        try directory.write("\(ObjectID.zero)\n", to: "HEAD")
        // At once or not at all: with an empty one, no git can list the worktrees.
        let lock = LockFile(for: directory.path.appending("commondir"))
        try lock.write(Array("../..\n".utf8))
        try lock.commit()
    }

    /// Lets git write `HEAD` and its log, as `git worktree add` does: the committer's identity, its time, the
    /// reference-transaction hook and core.logAllRefUpdates are then git's own.
    static func writeHead(
        _ directory: AdministrativeDirectory, _ worktree: FilePath, _ target: Target, _ commit: ObjectID,
        _ environment: [String: String]
    ) throws(GitError) {
        let git = GitCommand(worktree: worktree, environment: environment)
        switch target {
        case .branch(let name): try git.run(["symbolic-ref", "HEAD", "refs/heads/\(name)"], for: .write)
        case .detached: try git.run(["update-ref", "HEAD", commit.description], for: .write)
        }
    }

    /// What the `git reset --hard` inside `git worktree add` leaves beside the files: `ORIG_HEAD`, and for a branch a
    /// second line in the log of `HEAD`, by the same committer as the first.
    static func recordReset(
        _ directory: AdministrativeDirectory, _ target: Target, _ commit: ObjectID
    ) throws(GitError) {
        try directory.write("\(commit)\n", to: "ORIG_HEAD")
        let log = directory.path.pushing("logs/HEAD")
        guard case .branch = target, let first = try? readFile(log), !first.isEmpty else { return }
        let identity = first.dropFirst(2 * commit.description.utf8.count + 2).prefix { $0 != 0x0a && $0 != 0x09 }
        let line = Array("\(commit) \(commit) ".utf8) + identity + Array("\treset: moving to HEAD\n".utf8)
        let lock = LockFile(for: log)
        try lock.write(first + line)
        try lock.commit()
    }
}

extension AdministrativeDirectory {
    func write(_ text: String, to name: FilePath.Component) throws(GitError) {
        try write(Array(text.utf8), to: name)
    }

    /// Writes a new file here, replacing one that stood there only while the worktree is being made.
    func write(_ bytes: [UInt8], to name: FilePath.Component) throws(GitError) {
        try files { () throws(FileError) in
            let directory = try Directory(path)
            try name.withName { name throws(FileError) in try directory.write(bytes, to: name, mode: 0o666) }
        }
    }
}
