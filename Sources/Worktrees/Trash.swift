import FileTree
import Git
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where directories wait that are to be deleted: `wt-trash` in the repository, one entry each. Going there is a rename,
/// at once and whole; the deletion comes behind it. What is there has been given up: every `wt` may delete it.
public struct Trash: Sendable {
    /// The directory; it is there only while something is in it.
    public let path: FilePath

    /// The trash of a repository.
    public init(of location: RepositoryLocation) { path = location.commonDirectory.appending("wt-trash") }

    /// Whether anything waits.
    public var isEmpty: Bool { entries.isEmpty }

    /// Whether somebody is deleting at this moment.
    public var isBeingEmptied: Bool { isLocked(path) }

    private var entries: [FilePath] {
        guard let entries = try? Directory(path).entries() else { return [] }
        return entries.map { path.appending($0.name) }
    }

    /// Moves the directory at `directory`, not a symlink to one, into the trash. Returns false, with nothing changed,
    /// where a rename cannot do that: it is on another file system, or may not be moved. Throws `FileError` for any
    /// other reason, with nothing changed.
    public func take(_ directory: FilePath) throws(FileError) -> Bool {
        guard try FileStatus(directory).kind == .directory else { throw FileError("move", directory, .notDirectory) }
        for attempt in 0... {
            let entry = path.appending("\(getpid())-\(UInt32.random(in: 0 ... .max))")
            // Whoever empties the trash removes it when he is done, which can be in between.
            _ = path.withPlatformString { mkdir($0, 0o777) }
            let code = rename(directory, to: entry)
            switch code {
            case 0: return true
            case EXDEV, EACCES, EPERM, EBUSY, EROFS: return false
            case ENOENT where attempt < 10 && FileStatus.ifPresent(directory) != nil: continue
            default: throw FileError("move", directory, Errno(rawValue: code))
            }
        }
        return false
    }

    private func rename(_ directory: FilePath, to entry: FilePath) -> Int32 {
        directory.withPlatformString { from in
            entry.withPlatformString { to in
                // Not into what stands there under our name by some accident.
                guard access(to, F_OK) != 0 else { return EEXIST }
                #if canImport(Darwin)
                    return Darwin.rename(from, to) == 0 ? 0 : errno
                #else
                    return Glibc.rename(from, to) == 0 ? 0 : errno
                #endif
            }
        }
    }

    /// Deletes all that is in the trash, and then the trash; waits for whoever is at it. Throws the first `FileError`,
    /// after trying everything.
    public func empty() throws(FileError) {
        guard try FileStatus.ofExisting(path) != nil else { return }
        let lock: DirectoryLock
        do throws(FileError) {
            lock = try DirectoryLock(path)
        } catch let error where error.code == .noSuchFileOrDirectory {
            return
        }
        defer { withExtendedLifetime(lock) {} }
        var failure: FileError?
        while true {
            let waiting = entries
            for entry in waiting {
                do throws(FileError) { try removeTree(entry) } catch { failure = failure ?? error }
            }
            if let failure { throw failure }
            // Only an empty directory goes; with something new in it, once more.
            guard path.withPlatformString({ rmdir($0) }) != 0, errno == ENOTEMPTY || errno == EEXIST else { return }
        }
    }
}
