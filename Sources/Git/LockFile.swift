import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// git's way of replacing a file (lockfile.h): `<path>.lock` is made exclusively, written, and renamed over it.
struct LockFile {
    private let target: FilePath
    private let lock: FilePath

    init(for path: FilePath) {
        target = path
        lock = FilePath(bytes: path.bytes + ".lock".utf8)
    }

    /// Makes the lock file with these bytes. Throws `GitError`: `exists` when another process holds it.
    func write(_ bytes: [UInt8]) throws(GitError) {
        do throws(FileError) {
            let directory = try Directory(target.removingLastComponent())
            try lock.lastComponent!.withName { name throws(FileError) in
                try directory.write(bytes, to: name, mode: 0o666)
            }
        } catch {
            guard error.code == .fileExists else { throw GitError(error) }
            throw GitError(.exists, "another git process is at work (\(lock) exists)")
        }
    }

    /// Takes it away, and leaves the file as it is.
    func remove() { lock.withPlatformString { _ = unlink($0) } }

    /// Puts it in the place of the file. Throws `GitError`, having removed it.
    func commit() throws(GitError) {
        let code = lock.withPlatformString { from in target.withPlatformString { rename(from, $0) == 0 ? 0 : errno } }
        guard code != 0 else { return }
        lock.withPlatformString { _ = unlink($0) }
        throw GitError(FileError("replace", target, Errno(rawValue: code)))
    }
}
