import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The record of a worktree that this process makes.
public final class MakingRecord: Sendable {
    /// What was known before anything was written.
    public let making: Making
    private let path: FilePath
    private let file: LockedFile

    init(_ making: Making, in directory: FilePath) throws(FileError) {
        self.making = making
        path = directory.appending(String(UInt64.random(in: .min ... .max), radix: 16))
        file = try LockedFile(creating: path)
        do throws(FileError) {
            try file.append(making.bytes)
        } catch {
            path.withPlatformString { _ = unlink($0) }
            throw error
        }
    }

    /// What has been noted by now.
    var current: Making { (try? readFile(path)).flatMap { Making(bytes: $0) } ?? making }

    /// Adds a step. Throws `GitError`.
    public func note(_ step: Making.Step) throws(GitError) {
        try files { () throws(FileError) in try file.append(Making.bytes(of: step)) }
    }

    /// Adds that the branch is made. Throws `GitError`.
    public func note(branch: String, in location: RepositoryLocation) throws(GitError) {
        let file = location.looseFile(ofBranch: branch)
        // Packed at once by somebody else: the name alone has to do.
        if let identity = try? LastingIdentity(file) { try note(.branch(identity)) }
    }

    /// Makes the worktree's root and the directories above it, for `git worktree add` to find it empty, with the
    /// permissions that git would give them. Nothing is done where an empty one is there already. Throws `GitError`:
    /// `exists` when something else is.
    public func makeRoot(mode: SharedMode) throws(GitError) {
        if isEmptyDirectory(making.path) { return }
        try files { () throws(FileError) in try mode.makeDirectories(making.path) }
        try note(.root(WorktreeRegistration.identity(of: making.path)))
    }

    /// Takes the record away: the worktree is complete, or nothing of it is left.
    public func close() {
        path.withPlatformString { _ = unlink($0) }
        MakingRecords.removeEmpty(path.removingLastComponent())
    }
}
