import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How a file came to stand in another directory.
public enum Transfer: Sendable {
    /// A hard link: the same inode.
    case link
    /// A reflink: an inode of its own that shares its blocks until one side writes (FICLONE, clonefile).
    case clone
    /// A copy with blocks of its own.
    case copy
}

extension Directory {
    /// Puts a hard link to `source`'s child `name` here, under the same name (linkat(2)). A symlink is not followed.
    /// Throws `FileError`: EXDEV, EPERM and EMLINK are what a caller answers with `copy`.
    public func link(
        _ name: UnsafePointer<CChar>, from source: borrowing Directory
    ) throws(FileError) {
        guard linkat(source.descriptor, name, descriptor, name, 0) == 0 else { throw error("link", name) }
    }

    /// Puts a private copy of `source`'s child `name` here: its bytes, its permission bits and its mtime to the
    /// nanosecond, which cargo's freshness check compares. Shares blocks where the file system can.
    /// Returns how, and the bytes of the file. Throws `FileError`; nothing is left behind then.
    public func copy(
        _ name: UnsafePointer<CChar>, from source: borrowing Directory
    ) throws(FileError) -> (how: Transfer, size: Int64) {
        let input = openat(source.descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard input >= 0 else { throw source.error("read", name) }
        defer { close(input) }
        var status = wt_status()
        let code = wt_status_of(input, &status)
        guard code == 0 else { throw source.error("look at", name, code) }
        return try copy(name, descriptor: input, status: FileStatus(raw: status), from: source)
    }

    private func copy(
        _ name: UnsafePointer<CChar>, descriptor input: Int32, status: FileStatus, from source: borrowing Directory
    ) throws(FileError) -> (how: Transfer, size: Int64) {
        let mtime = status.mtime
        if wt_clone_at(source.descriptor, name, descriptor, name) == 0 {
            return (.clone, status.size)
        }
        let output = openat(
            descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(status.mode & 0o777))
        guard output >= 0 else { throw error("create", name) }
        defer { close(output) }
        // An empty or small file gains nothing from sharing a block.
        let cloned = status.size >= 4096 && wt_reflink(input, output) == 0
        var code = cloned ? 0 : wt_copy_contents(input, output)
        if code == 0 { code = wt_set_mtime_of(output, mtime.seconds, mtime.nanoseconds) }
        if code != 0 {
            unlinkat(descriptor, name, 0)
            throw error("write", name, code)
        }
        return (cloned ? .clone : .copy, status.size)
    }

    /// Writes a new file with exactly these bytes, permissions and mtime. Throws `FileError`, also when it exists.
    public func write(
        _ bytes: [UInt8], to name: UnsafePointer<CChar>, mode: UInt32 = 0o644, mtime: FileTime? = nil
    ) throws(FileError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(FileError) in try write(buffer, to: name, mode: mode, mtime: mtime) }
        }
        _ = try result.get()
    }

    /// The same from memory. Returns the finished file's status.
    public func write(
        _ bytes: UnsafeRawBufferPointer, to name: UnsafePointer<CChar>, mode: UInt32, mtime: FileTime?
    ) throws(FileError) -> FileStatus {
        let output = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
        guard output >= 0 else { throw error("create", name) }
        defer { close(output) }
        var status = wt_status()
        var code = writeAll(bytes, to: output)
        if code == 0, let mtime { code = wt_set_mtime_of(output, mtime.seconds, mtime.nanoseconds) }
        if code == 0 { code = wt_status_of(output, &status) }
        if code != 0 {
            unlinkat(descriptor, name, 0)
            throw error("write", name, code)
        }
        return FileStatus(raw: status)
    }

    /// Makes a symlink with this text, which a NUL ends. Throws `FileError`, also when the name is taken.
    public func makeSymlink(_ name: UnsafePointer<CChar>, to text: [CChar]) throws(FileError) {
        guard text.withUnsafeBufferPointer({ symlinkat($0.baseAddress!, descriptor, name) }) == 0 else {
            throw error("create", name)
        }
    }

    /// Makes a symlink with the same text as `source`'s child `name`. Throws `FileError`.
    public func copySymlink(_ name: UnsafePointer<CChar>, from source: borrowing Directory) throws(FileError) {
        let target = try source.symlinkTarget(name)
        try makeSymlink(name, to: target)
    }

    /// A symlink's text, ended by a NUL. Throws `FileError`.
    public func symlinkTarget(_ name: UnsafePointer<CChar>) throws(FileError) -> [CChar] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlinkat(descriptor, name, &buffer, Int(PATH_MAX))
        guard count >= 0 else { throw error("read", name) }
        return Array(buffer[0..<count]) + [0]
    }

    /// Sets the mtime of the child `name`, which must not be a file with other hard links. Throws `FileError`.
    public func setTime(of name: UnsafePointer<CChar>, to time: FileTime) throws(FileError) {
        let code = wt_set_mtime_at(descriptor, name, time.seconds, time.nanoseconds)
        guard code == 0 else { throw error("set the time of", name, code) }
    }

    /// Unlinks the child file `name`. Throws `FileError`.
    public func unlink(_ name: UnsafePointer<CChar>) throws(FileError) {
        guard unlinkat(descriptor, name, 0) == 0 else { throw error("remove", name) }
    }
}

/// Writes all bytes. Returns 0 or an errno value.
private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var done = 0
    while done < bytes.count {
        let count = systemWrite(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if count < 0 {
            if errno == EINTR { continue }
            return errno
        }
        done += count
    }
    return 0
}

/// write(2), which the module's own `write` would hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Darwin)
        Darwin.write(descriptor, bytes, count)
    #else
        Glibc.write(descriptor, bytes, count)
    #endif
}
