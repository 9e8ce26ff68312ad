import FileTree
import Git
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where directories wait that are to be deleted: `wt-trash` in the repository, one entry each. Going there is a rename,
/// at once and whole; the deletion comes behind it. What is there has been given up, and every `wt` may delete it, but
/// for what is still held (`HeldDirectory`).
public struct Trash: Sendable {
    /// The directory; it is there only while something is in it.
    public let path: FilePath

    /// The trash of a repository.
    public init(of location: RepositoryLocation) { path = location.commonDirectory.appending("wt-trash") }

    /// Whether there is such a directory.
    public var exists: Bool { FileStatus.ifPresent(path) != nil }

    /// Whether nothing waits to be deleted.
    public var isEmpty: Bool { waiting.isEmpty }

    /// Whether somebody is deleting at this moment.
    public var isBeingEmptied: Bool { isLocked(path) }

    /// Why something could not be deleted, when that was tried last; nil when it could.
    public var complaint: String? {
        guard let text = try? readFile(path.appending(Self.complaintName)) else { return nil }
        return String(decoding: text, as: UTF8.self)
    }

    private static let complaintName: FilePath.Component = "failed"
    private static let heldPrefix = "held-"

    private var names: [FilePath.Component] {
        guard let directory = try? Directory(path), let entries = try? directory.entries() else { return [] }
        return entries.map(\.name)
    }

    private var waiting: [FilePath] {
        names.filter { $0 != Self.complaintName && !$0.string.hasPrefix(Self.heldPrefix) }.map { path.appending($0) }
    }

    /// The directories that a `HeldDirectory` was made for.
    var held: [FilePath] { names.filter { $0.string.hasPrefix(Self.heldPrefix) }.map { path.appending($0) } }

    /// Moves the directory at `directory`, not a symlink to one, into the trash. Returns false, with nothing changed,
    /// where a rename cannot do that: it is on another file system, or may not be moved. Throws `FileError` when there is
    /// no directory; nothing is changed.
    public func take(_ directory: FilePath) throws(FileError) -> Bool {
        guard try FileStatus(directory).kind == .directory else { throw FileError("move", directory, .notDirectory) }
        return try retrying { () throws(FileError) in
            do throws(FileError) {
                try moveEntry(directory, to: path.appending(Self.newName()))
                return true
            } catch {
                // The directory, or the trash, is gone; everything else is a rename that cannot be done.
                guard error.code != .noSuchFileOrDirectory else { throw error }
                return false
            }
        }
    }

    /// Moves a small directory into the trash and deletes it there: what is left where that fails or is killed is no half of
    /// anything any more. Returns false, with nothing changed, where it cannot be moved.
    func discard(_ directory: FilePath) -> Bool {
        let given = path.appending(Self.newName())
        guard (try? retrying { () throws(FileError) in try moveEntry(directory, to: given) }) != nil else {
            return false
        }
        try? removeTree(given)
        _ = path.withPlatformString { rmdir($0) }
        return true
    }

    /// A new empty directory for something that is to be held. Throws `FileError`.
    func makeHeldDirectory() throws(FileError) -> FilePath {
        let made = path.appending(Self.heldPrefix + Self.newName())
        try retrying { () throws(FileError) in
            guard made.withPlatformString({ mkdir($0, 0o777) }) == 0 else {
                throw FileError("create", made, Errno(rawValue: errno))
            }
        }
        return made
    }

    /// Leaves a directory that was held to be deleted, with all that is in it.
    func condemn(_ directory: FilePath) { try? moveEntry(directory, to: path.appending(Self.newName())) }

    /// Whoever empties the trash removes it when he is done, which can be in the middle of this.
    private func retrying<Result>(_ body: () throws(FileError) -> Result) throws(FileError) -> Result {
        for _ in 0..<10 {
            _ = path.withPlatformString { mkdir($0, 0o777) }
            // A symlink would lead to where nobody empties it.
            if let kind = FileStatus.ifPresent(path)?.kind, kind != .directory {
                throw FileError("use as the trash", path, .notDirectory)
            }
            do throws(FileError) {
                return try body()
            } catch {
                guard error.code == .noSuchFileOrDirectory, FileStatus.ifPresent(path) == nil else { throw error }
            }
        }
        return try body()
    }

    private static func newName() -> String { "\(getpid())-\(UInt32.random(in: 0 ... .max))" }

    /// Deletes all that waits, and then the trash; waits for whoever is at it. Throws the first `FileError`, after trying
    /// everything; it is the `complaint` then. `removed` gets the number of files that are deleted so far.
    public func empty(removed: (Int) -> Void = { _ in }) throws(FileError) {
        guard try FileStatus.ofExisting(path)?.kind == .directory, let lock = try? DirectoryLock(path) else { return }
        defer { withExtendedLifetime(lock) {} }
        var failure: FileError?
        var count = 0
        repeat {
            for entry in waiting {
                do throws(FileError) {
                    guard mountPoints(in: entry).isEmpty else { throw FileError("remove", entry, .resourceBusy) }
                    try removeTree(entry) {
                        count += 1
                        removed(count)
                    }
                } catch {
                    failure = failure ?? error
                }
            }
            if let failure {
                note(failure)
                throw failure
            }
            note(nil)
            // Only an empty directory goes. What has come in the meantime is deleted in another round.
            _ = path.withPlatformString { rmdir($0) }
        } while !isEmpty
    }

    /// Takes the trash itself away where nothing is in it but the `complaint` about what is gone by now: whoever was killed
    /// right then, or could not remove it, has left it so.
    public func removeIfEmpty() {
        guard names.allSatisfy({ $0 == Self.complaintName }) else { return }
        note(nil)
        _ = path.withPlatformString { rmdir($0) }
    }

    private func note(_ failure: FileError?) {
        let file = path.appending(Self.complaintName)
        _ = file.withPlatformString { unlink($0) }
        guard let failure, let directory = try? Directory(path) else { return }
        _ = try? Self.complaintName.withName { name throws(FileError) in
            try directory.write(Array(failure.description.utf8), to: name)
        }
    }
}
