import FileTree
import SystemPackage

/// Cargo's locks on one profile directory, held as long as this lives.
public final class ProfileLock {
    private var locks: [FileLock]
    /// Those whose files were not there before.
    private var made: [FileLock]

    /// Takes the locks that are there, or makes the one that every version of cargo knows (`Layout::new`, layout.rs:
    /// `.cargo-lock`, from cargo 1.96 on also `.cargo-build-lock`). Nil when cargo is at work, or when they cannot be
    /// taken. `profile` is relative to the build directory. Does not wait.
    public init?(_ buildDirectory: FilePath, profile: FilePath) {
        let directory = buildDirectory.appending(profile.components)
        var locks: [FileLock] = []
        var made: [FileLock] = []
        for name in [".cargo-lock", ".cargo-build-lock"] as [FilePath.Component] {
            let path = directory.appending(name)
            let isThere = FileStatus.ifPresent(path) != nil
            if !isThere, name != ".cargo-lock" { continue }
            guard let lock = FileLock(path) else {
                for lock in made { _ = lock.removeFile() }
                return nil
            }
            locks.append(lock)
            if !isThere { made.append(lock) }
        }
        self.locks = locks
        self.made = made
    }

    /// Lets go of the locks, and removes the file that was made for one. Whether there was such a file.
    @discardableResult
    public func release() -> Bool {
        let hasMade = !made.isEmpty
        for lock in made { _ = lock.removeFile() }
        (locks, made) = ([], [])
        return hasMade
    }

    deinit { release() }
}
