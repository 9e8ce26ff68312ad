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

    /// Makes the lock file for something that writes nothing into it: a deletion. It says whose it is, so that it can be
    /// told from git's own should this process be killed. Throws as `write` does. The lock is held for as long as the result
    /// lives, and the file stays until `remove`.
    func mark() throws(GitError) -> LockedFile {
        do throws(FileError) {
            let file = try LockedFile(creating: lock)
            do throws(FileError) {
                try file.append(Self.mark)
            } catch {
                remove()
                throw error
            }
            return file
        } catch {
            guard error.code == .fileExists else { throw GitError(error) }
            throw GitError(.exists, "another git process is at work (\(lock) exists)")
        }
    }

    private static let mark = Array("wt deletes a branch\n".utf8)

    /// Takes it away, and leaves the file as it is.
    func remove() {
        // With it nothing can be written there any more: one error in passing is no reason to leave it.
        if lock.withPlatformString({ unlink($0) }) != 0 { lock.withPlatformString { _ = unlink($0) } }
    }

    /// Whether it is one of `mark` whose process has gone. What git has made is not: nothing tells whether that git is still
    /// at work.
    var isAbandoned: Bool { whereAbandoned { true } }

    /// Takes it away if it is that.
    func removeIfAbandoned() {
        _ = whereAbandoned {
            remove()
            return true
        }
    }

    private func whereAbandoned(_ body: () -> Bool) -> Bool {
        let descriptor = lock.withPlatformString { open($0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.mark.count + 1)
        let count = read(descriptor, &bytes, bytes.count)
        // Who makes it marks it under a lock on the file, and who removes it here holds that, too: so what goes is never
        // somebody's new one.
        guard count == Self.mark.count, bytes.starts(with: Self.mark), flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            return false
        }
        var (opened, named) = (stat(), stat())
        guard fstat(descriptor, &opened) == 0, lock.withPlatformString({ lstat($0, &named) }) == 0,
            opened.st_dev == named.st_dev, opened.st_ino == named.st_ino
        else { return false }
        return body()
    }

    /// Puts it in the place of the file. Throws `GitError`, having removed it.
    func commit() throws(GitError) {
        let code = lock.withPlatformString { from in target.withPlatformString { rename(from, $0) == 0 ? 0 : errno } }
        guard code != 0 else { return }
        lock.withPlatformString { _ = unlink($0) }
        throw GitError(FileError("replace", target, Errno(rawValue: code)))
    }
}
