import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The records of worktrees in the making, `wt-making/` in the common directory: one small file for each, made before
/// anything else and removed after everything else, so that the directory is there only as long as it is needed. While
/// this lives, nobody else begins one or clears up behind one.
///
/// The maker holds a lock on its record, and so does every git that it has started (`LockedFile`). A record whose lock
/// is free belongs to nobody any more: its maker was killed.
public final class MakingRecords: Sendable {
    private let directory: FilePath
    private let lock: DirectoryLock

    /// One record.
    public struct Entry: Sendable {
        /// The record's file.
        public let path: FilePath
        /// Whether its worktree is being made at this moment.
        public let isLive: Bool
        /// When something was last added to it.
        public let changed: FileTime
        /// What it says; nil when nothing had been written, and nothing begun.
        public let making: Making?
        /// Whether it says something that is not understood.
        public let isMalformed: Bool
    }

    private init(_ directory: FilePath) throws(FileError) {
        self.directory = directory
        lock = try DirectoryLock(directory)
    }

    private static func directory(of location: RepositoryLocation) -> FilePath {
        location.commonDirectory.appending("wt-making")
    }

    /// The records that there are, after waiting for whoever looks at them; nil when there are none, which takes one
    /// failed call to find out. Throws `GitError`.
    public static func existing(in location: RepositoryLocation) throws(GitError) -> MakingRecords? {
        do throws(FileError) {
            return try MakingRecords(directory(of: location))
        } catch {
            if error.code == .noSuchFileOrDirectory { return nil }
            throw GitError(error)
        }
    }

    /// What came of `begin`.
    public enum Beginning<Refusal> {
        /// The worktree may be made.
        case record(MakingRecord)
        /// It may not, and nothing is left.
        case refused(Refusal)
    }

    /// Begins a worktree, unless `refusal`, which sees the worktrees that others are making at this moment, has a reason
    /// against it. Throws `GitError` when the record cannot be written; nothing is left then.
    public static func begin<Refusal>(
        _ making: Making, in location: RepositoryLocation, mode: SharedMode,
        unless refusal: ([Making]) throws(GitError) -> Refusal?
    ) throws(GitError) -> Beginning<Refusal> {
        let directory = directory(of: location)
        // Whoever ends meanwhile takes the empty directories away.
        for _ in 0..<1000 {
            var reason: Refusal?
            do throws(GitError) {
                let records: MakingRecords
                do throws(FileError) {
                    try mode.makeDirectory(directory, mayExist: true)
                    records = try MakingRecords(directory)
                } catch {
                    if error.code == .noSuchFileOrDirectory { continue }
                    throw GitError(error)
                }
                reason = try refusal(records.entries().filter(\.isLive).compactMap(\.making))
                if reason == nil {
                    do throws(FileError) {
                        return .record(try MakingRecord(making, in: directory))
                    } catch {
                        if error.code == .noSuchFileOrDirectory { continue }
                        throw GitError(error)
                    }
                }
            } catch {
                removeEmpty(directory)
                throw error
            }
            removeEmpty(directory)
            if let reason { return .refused(reason) }
        }
        throw GitError(.other, "cannot keep a record in \(directory)")
    }

    /// All records.
    public func entries() -> [Entry] {
        guard let names = try? Directory(directory).entries() else { return [] }
        return names.compactMap { name, _ in
            let path = directory.appending(name)
            let isLive = isLocked(path)
            guard let (bytes, status) = try? readFileAndStatus(path) else {
                // Gone by now, or not for us to read.
                return FileStatus.ifPresent(path) == nil
                    ? nil : Entry(path: path, isLive: isLive, changed: .now(), making: nil, isMalformed: true)
            }
            let making = Making(bytes: bytes)
            return Entry(
                path: path, isLive: isLive, changed: status.mtime, making: making,
                isMalformed: making == nil && !bytes.isEmpty)
        }
    }

    /// Takes a record away whose worktree is complete or undone. Throws `GitError`.
    public static func remove(_ entry: Entry) throws(GitError) {
        try files { () throws(FileError) in try removeTree(entry.path) }
        removeEmpty(entry.path.removingLastComponent())
    }

    /// Takes the directory away once nothing is in it. Its maker may have been killed before that.
    public func removeDirectory() { Self.removeEmpty(directory) }

    /// Fails while there is something else in it, which is what it is for.
    static func removeEmpty(_ directory: FilePath) {
        directory.withPlatformString { _ = rmdir($0) }
    }
}
