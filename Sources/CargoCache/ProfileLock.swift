import FileTree
import SystemPackage

/// Cargo's locks on one profile directory, held as long as this lives.
public final class ProfileLock {
    private var locks: [FileLock]
    /// Those whose files were not there before.
    private var made: [FileLock]

    /// Takes the locks that are there, and makes the one that every version of cargo knows (`Layout::new`, layout.rs:
    /// `.cargo-lock`, from cargo 1.96 on also `.cargo-build-lock`). Nil when cargo is at work, or when they cannot be
    /// taken. Does not wait.
    ///
    /// - Parameters:
    ///   - profile: relative to the build directory. It has to be there.
    ///   - held: locks that the caller has already, and keeps.
    ///   - isOfNewCargo: makes the newer one, too, where it is missing.
    public init?(
        _ buildDirectory: FilePath, profile: FilePath, besides held: [FileLock] = [], isOfNewCargo: Bool = false
    ) {
        let directory = buildDirectory.appending(profile.components)
        let known = held.compactMap { FileStatus.ifPresent($0.path) }
        var locks: [FileLock] = []
        var made: [FileLock] = []
        for (name, isMade) in [(Self.oldest, true), (Self.newer, isOfNewCargo)] {
            let path = directory.appending(name)
            let status = FileStatus.ifPresent(path)
            let isKnown = known.contains { $0.device == status?.device && $0.inode == status?.inode }
            guard !isKnown, status != nil || isMade else { continue }
            guard let lock = FileLock(path) else {
                for lock in made { _ = lock.removeFile() }
                return nil
            }
            if status == nil { made.append(lock) } else { locks.append(lock) }
        }
        self.locks = locks
        self.made = made
    }

    private static let oldest = ".cargo-lock"
    private static let newer = ".cargo-build-lock"

    /// The files that cargo locks while it builds in a profile directory.
    static let names = [oldest, newer]

    /// Whether a cargo that has the newer lock, too, has built in the profile directory.
    public static func isOfNewCargo(_ buildDirectory: FilePath, profile: FilePath) -> Bool {
        FileStatus.ifPresent(buildDirectory.appending(profile.components).appending(newer)) != nil
    }

    /// Lets go of the locks, and removes the files that were made for them, unless a cargo waits there by now. Whether
    /// there were such files.
    @discardableResult
    public func release() -> Bool {
        let hasMade = !made.isEmpty
        // As long as those that were there are held, nobody comes in between.
        for lock in made { _ = lock.removeFile() }
        (locks, made) = ([], [])
        return hasMade
    }

    deinit { release() }
}
