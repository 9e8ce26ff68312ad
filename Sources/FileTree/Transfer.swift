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
    /// Throws `FileError`; `TransferMemory` knows which of them are a reason to copy instead.
    public func link(
        _ name: UnsafePointer<CChar>, from source: borrowing Directory
    ) throws(FileError) {
        guard linkat(source.descriptor, name, descriptor, name, 0) == 0 else { throw error("link", name) }
    }

    /// Puts a private copy of `source`'s child `name` here, which must be a regular file: its bytes, its permission bits
    /// (whatever the umask; not the set-id bits) and its mtime to the nanosecond, which cargo's freshness check
    /// compares. Shares blocks where the file system can. Never replaces a file. Returns how, and the length of the file
    /// when it was opened. `permissions` is most of the bits that the copy gets at any moment. Throws `FileError`, with
    /// ECANCELED once `isCancelled` says so; nothing is left behind then.
    public func copy(
        _ name: UnsafePointer<CChar>, from source: borrowing Directory, permissions: UInt32 = 0o777,
        isCancelled: (() -> Bool)? = nil
    ) throws(FileError) -> (how: Transfer, size: Int64) {
        let (how, size, _) = try copy(
            name, from: source, asClone: true, permissions: permissions, isCancelled: isCancelled)
        return (how, size)
    }

    /// The same, with another mtime where one is given, and sharing blocks is tried with `asClone` only. `refusal` is what
    /// the system said when that was tried and did not work.
    func copy(
        _ name: UnsafePointer<CChar>, from source: borrowing Directory, asClone: Bool, permissions: UInt32 = 0o777,
        mtime: FileTime? = nil, isCancelled: (() -> Bool)? = nil
    ) throws(FileError) -> (how: Transfer, size: Int64, refusal: Errno?) {
        // O_NONBLOCK: opening a FIFO would wait for a writer.
        let input = openat(source.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard input >= 0 else { throw source.error("read", name) }
        defer { close(input) }
        var raw = wt_status()
        let code = wt_status_of(input, &raw)
        guard code == 0 else { throw source.error("look at", name, code) }
        let status = FileStatus(raw: raw)
        guard status.kind == .file else {
            throw source.error("copy", name, status.kind == .directory ? EISDIR : EINVAL)
        }
        // An empty or small file gains nothing from sharing a block.
        let isTried = asClone && status.size >= 4096
        var refusal: Int32 = 0
        #if canImport(Darwin)
            // A clone has all permissions from the first moment.
            if isTried, status.mode & 0o777 & ~permissions == 0 {
                refusal = wt_clone_at(source.descriptor, name, descriptor, name)
                if refusal == 0 {
                    if let mtime { try setTime(of: name, to: mtime) }
                    return (.clone, status.size, nil)
                }
            }
        #endif
        var how = Transfer.copy
        let permissions = status.mode & permissions
        try create(name, mode: permissions, mtime: mtime ?? status.mtime, exactMode: true, status: nil) { output in
            #if !canImport(Darwin)
                if isTried {
                    refusal = wt_reflink(input, output)
                    if refusal == 0 {
                        how = .clone
                        return 0
                    }
                }
            #endif
            return isCancelled.map { copyInParts(input, to: output, isCancelled: $0) }
                ?? wt_copy_contents(input, output, status.size)
        }
        return (how, status.size, refusal == 0 ? nil : Errno(rawValue: refusal))
    }

    /// Writes a new file with these bytes and this mtime, and the permissions that the umask leaves of `mode`. Throws
    /// `FileError`, also when it exists.
    public func write(
        _ bytes: [UInt8], to name: UnsafePointer<CChar>, mode: UInt32 = 0o666, mtime: FileTime? = nil
    ) throws(FileError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(FileError) in
                try create(name, mode: mode, mtime: mtime, status: nil) {
                    wt_write_all($0, buffer.baseAddress, buffer.count)
                }
            }
        }
        try result.get()
    }

    /// Writes a private copy of a file that was read before, as `copy` makes it: its bytes and its permission bits,
    /// whatever the umask. Throws `FileError`, also when the name is taken.
    public func write(
        _ contents: FileContents, to name: UnsafePointer<CChar>, mtime: FileTime
    ) throws(FileError) {
        let mode = contents.status.mode & 0o777
        let result = contents.bytes.withUnsafeBytes { buffer in
            Result { () throws(FileError) in
                try create(name, mode: mode, mtime: mtime, exactMode: true, status: nil) {
                    wt_write_all($0, buffer.baseAddress, buffer.count)
                }
            }
        }
        try result.get()
    }

    /// The same from memory. Returns the finished file's status.
    public func write(
        _ bytes: UnsafeRawBufferPointer, to name: UnsafePointer<CChar>, mode: UInt32, mtime: FileTime?
    ) throws(FileError) -> FileStatus {
        var status = wt_status()
        try create(name, mode: mode, mtime: mtime, status: &status) {
            wt_write_all($0, bytes.baseAddress, bytes.count)
        }
        return FileStatus(raw: status)
    }

    /// Makes the file `name`, lets `fill` write it, and takes it away again when anything of that fails. With
    /// `exactMode` the umask does not count. `status` gets that of the finished file, where somebody wants it.
    private func create(
        _ name: UnsafePointer<CChar>, mode: UInt32, mtime: FileTime?, exactMode: Bool = false,
        status: UnsafeMutablePointer<wt_status>?, fill: (Int32) -> Int32
    ) throws(FileError) {
        let output = openat(
            descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode & 0o777))
        guard output >= 0 else { throw error("create", name) }
        var code = fill(output)
        if code == 0, exactMode { code = wt_set_permissions_of(output, mode & 0o777) }
        if code == 0, let mtime { code = wt_set_mtime_of(output, mtime.seconds, mtime.nanoseconds) }
        if code == 0, let status { code = wt_status_of(output, status) }
        // NFS and quotas report some failed writes only here. Whatever it says, the descriptor is gone.
        if close(output) != 0, code == 0, errno != EINTR { code = errno }
        if code != 0 {
            unlinkat(descriptor, name, 0)
            throw error("write", name, code)
        }
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

    /// Removes the child directory `name`, which must be empty. Throws `FileError`.
    public func removeEmptyChild(_ name: UnsafePointer<CChar>) throws(FileError) {
        guard unlinkat(descriptor, name, AT_REMOVEDIR) == 0 else { throw error("remove", name) }
    }
}

/// Copies part by part, so that somebody who has had enough is heard. Returns 0 or errno.
private func copyInParts(_ input: Int32, to output: Int32, isCancelled: () -> Bool) -> Int32 {
    var copied = 1
    while copied > 0 {
        if isCancelled() { return ECANCELED }
        let code = wt_copy_part(input, output, 16 << 20, &copied)
        if code != 0 { return code }
    }
    return 0
}
