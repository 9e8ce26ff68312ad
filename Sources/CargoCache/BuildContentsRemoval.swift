import FileTree
import SystemPackage

extension BuildContents {
    /// Takes the locks of all profile directories, so that cargo waits (`Layout::new`, layout.rs). Nil when cargo is at
    /// work in one, or a lock file cannot be opened. Cargo of another version has other lock files than are there: those
    /// of all versions are taken, which makes the missing ones.
    public func lock() -> [FileLock]? {
        var locks: [FileLock] = []
        for profile in profiles {
            for name in ProfileContents.locks {
                let path = root.appending(profile.components).appending(name)
                // Only cargo from 1.96 on knows it, and it takes the others first.
                if name == ".cargo-artifact-lock", FileStatus.ifPresent(path) == nil { continue }
                guard let lock = FileLock(path) else { return nil }
                locks.append(lock)
            }
        }
        return locks
    }

    /// Removes the directories in which nothing is left but lock files, which `locks` holds, and tags. A lock file that
    /// another process has open stays, and the directories around it: a cargo that waits for the lock would otherwise
    /// build behind a lock that nobody else can find.
    public func removeEmptyFrames(_ locks: [FileLock]) {
        for lock in locks { _ = lock.removeFile() }
        for frame in frames {
            let directory = root.appending(frame.components)
            let rest = entries(of: directory).map { frame.appending($0.name) }
            guard rest.allSatisfy(tags.contains) else { continue }
            let tag = directory.appending("CACHEDIR.TAG")
            let text = try? readFile(tag)
            for path in rest { try? removeTree(root.appending(path.components)) }
            do throws(FileError) {
                try removeEmptyDirectory(directory)
            } catch {
                // Cargo has begun to build there, and writes the tag only into a directory that it has made itself.
                try? restore(text, at: directory)
            }
        }
    }

    private func restore(_ tag: [UInt8]?, at directory: FilePath) throws(FileError) {
        guard let tag else { return }
        let opened = try Directory(directory)
        let name: FilePath.Component = "CACHEDIR.TAG"
        try name.withName { name throws(FileError) in try opened.write(tag, to: name) }
    }
}
