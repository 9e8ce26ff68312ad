import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A local branch that stands in a file of its own and nowhere else, deleted as `git update-ref -d` does it
/// (files_transaction_prepare and files_transaction_finish, refs/files-backend.c): with the same locks, so that every git
/// that is at work on it meanwhile waits or sees it gone.
struct BranchFile {
    private let name: String
    private let file: FilePath
    private let log: FilePath
    private let location: RepositoryLocation

    /// Whether the configuration has nothing against it; `repository` is to be one that was opened just now. A hook for
    /// references hears of a deletion from git only (a relative path to the hooks may lead to others in each worktree).
    static func mayBeDeleted(in repository: borrowing Repository) -> Bool {
        repository.refusal == nil && repository.hook("reference-transaction") == nil
            && repository.configuration.path(forKey: "core.hooksPath")?.isRelative != true
    }

    /// Nil where something is not as git leaves it by itself. Where `HEAD` names the branch, as it can in a bare
    /// repository, its log hears of the deletion from git only.
    init?(_ name: String, at location: RepositoryLocation) {
        self.location = location
        self.name = name
        file = location.looseFile(ofBranch: name)
        log = location.logFile(ofBranch: name)
        let head = ReferenceFiles.looseValue(location.commonDirectory.appending("HEAD"))
        guard head != .symbolic("refs/heads/\(name)"), Self.isPlain(file), file == realPath(file),
            FileStatus.ifPresent(log) == nil || Self.isPlain(log) && log == realPath(log)
        else { return nil }
    }

    private static func isPlain(_ file: FilePath) -> Bool { FileStatus.ifPresent(file)?.kind == .file }

    /// Deletes the branch and its log if it still is at `expected`. Returns false, with nothing changed, where it is not,
    /// or where somebody else is at work: git knows how to wait, and what to say.
    func delete(expecting expected: ObjectID) -> Bool {
        let packed = location.commonDirectory.appending("packed-refs")
        guard FileStatus.isAbsent(packed) || Self.isPlain(packed) else { return false }
        // Or a `git pack-refs` that has read the branch would bring it back. First to come and last to go: should this be
        // killed, nothing is left without it.
        let packedLock = LockFile(for: packed)
        guard let packedMark = try? packedLock.mark() else { return false }
        let lock = LockFile(for: file)
        guard let mark = try? lock.mark() else {
            packedLock.remove()
            return false
        }
        let isDeleted = withExtendedLifetime((packedMark, mark)) {
            let isDeleted = isAlone(packed, expected) && removeFiles()
            lock.remove()
            packedLock.remove()
            return isDeleted
        }
        if isDeleted { Self.removeEmptyDirectories(above: file, below: location.commonDirectory.pushing("refs/heads")) }
        return isDeleted
    }

    private func isAlone(_ packed: FilePath, _ expected: ObjectID) -> Bool {
        guard case .id(expected)? = ReferenceFiles.looseValue(file), Self.isPlain(file) else { return false }
        // Not to be read is not the same as not to be there.
        guard FileStatus.isAbsent(packed) || (try? withMappedFile(packed) { _ in true }) == true else { return false }
        return PackedReferences(location.commonDirectory)?.id(of: "refs/heads/\(name)") == nil
    }

    /// The branch first, so that it never stands there without its log.
    private func removeFiles() -> Bool {
        guard file.withPlatformString({ unlink($0) }) == 0 else { return false }
        if log.withPlatformString({ unlink($0) }) == 0 || errno == ENOENT {
            Self.removeEmptyDirectories(above: log, below: location.commonDirectory.pushing("logs/refs/heads"))
        }
        return true
    }

    /// try_remove_empty_parents.
    private static func removeEmptyDirectories(above file: FilePath, below top: FilePath) {
        var directory = file.removingLastComponent()
        while directory != top, directory.starts(with: top), directory.withPlatformString({ rmdir($0) }) == 0 {
            directory.removeLastComponent()
        }
    }
}

extension RepositoryLocation {
    /// Takes the locks away that a `wt` has left which was killed while it deleted a branch: with them git could change
    /// neither that branch nor any packed reference. Where there are none, it takes one failed call.
    public func removeAbandonedLocks() {
        let packed = LockFile(for: commonDirectory.appending("packed-refs"))
        guard packed.isAbandoned else { return }
        var waiting = [commonDirectory.pushing("refs/heads")]
        while let next = waiting.popLast() {
            guard let entries = try? Directory.entries(of: next) else { continue }
            for entry in entries {
                let path = next.appending(entry.name)
                if entry.kind == .directory { waiting.append(path) }
                guard entry.name.extension == "lock" else { continue }
                LockFile(for: FilePath(bytes: path.bytes.dropLast(".lock".utf8.count))).removeIfAbandoned()
            }
        }
        packed.removeIfAbandoned()
    }
}
