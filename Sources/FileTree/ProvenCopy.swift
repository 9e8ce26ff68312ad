import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads one small file after the other into the same memory.
public struct FileReader: ~Copyable {
    /// The largest file that is read, in bytes.
    public static let limit = 1 << 20
    private let memory: UnsafeMutableRawBufferPointer
    private var count = 0

    /// Takes the memory.
    public init() { memory = .allocate(byteCount: Self.limit, alignment: 16) }

    deinit { memory.deallocate() }

    /// What was read last.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    /// Reads the whole of `directory`'s child `name`. Returns its status, or nil where there is nothing to be had: no
    /// file, none that is regular (a symlink is not followed), one over the limit, or one that changed while it was
    /// read.
    public mutating func read(_ name: UnsafePointer<CChar>, in directory: borrowing Directory) -> FileStatus? {
        // O_NONBLOCK: opening a FIFO would wait for a writer.
        let input = openat(directory.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard input >= 0 else { return nil }
        defer { close(input) }
        guard let before = FileStatus(of: input), before.kind == .file, before.size <= Self.limit else { return nil }
        let size = Int(before.size)
        count = 0
        while count < size {
            #if canImport(Darwin)
                let got = Darwin.read(input, memory.baseAddress! + count, size - count)
            #else
                let got = Glibc.read(input, memory.baseAddress! + count, size - count)
            #endif
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return nil }
            count += got
        }
        return FileStatus(of: input)?.isUnchanged(since: before) == true ? before : nil
    }
}

extension Directory {
    /// Copies the contents of `source`'s child `name` into a new file of the same name, shares the blocks where the file
    /// system can, and keeps the copy when `proof` holds for its bytes and the other file did not change meanwhile.
    /// The copy gets the permissions that the umask leaves of `mode`, and the other file's mtime with `withTime`.
    /// Returns its status, or nil, without a copy, where there is no proof or no regular file. Throws `FileError` for
    /// what is no matter of the other file: a name that is taken, a full disk.
    public func copyContents(
        of name: UnsafePointer<CChar>, from source: borrowing Directory, mode: UInt32, withTime: Bool,
        proof: (UnsafeRawBufferPointer) -> Bool
    ) throws(FileError) -> FileStatus? {
        let input = openat(source.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard input >= 0 else { return nil }
        defer { close(input) }
        guard let before = FileStatus(of: input), before.kind == .file, before.size > 0 else { return nil }
        let output = openat(
            descriptor, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode & 0o777))
        guard output >= 0 else { throw error("create", name) }
        var code: Int32 = -1
        #if !canImport(Darwin)
            code = wt_reflink(input, output)
        #endif
        if code != 0 { code = wt_copy_contents(input, output, 0) }
        var isProven = false
        if code == 0, let copied = FileStatus(of: output), copied.size == before.size {
            // The copy is nobody else's, so nobody can truncate it while it is mapped.
            let size = Int(copied.size)
            if let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, output, 0), start != MAP_FAILED {
                isProven = proof(UnsafeRawBufferPointer(start: start, count: size))
                munmap(start, size)
            }
            isProven = isProven && FileStatus(of: input)?.isUnchanged(since: before) == true
        }
        if isProven, withTime { code = wt_set_mtime_of(output, before.mtime.seconds, before.mtime.nanoseconds) }
        let status = FileStatus(of: output)
        if close(output) != 0, code == 0, errno != EINTR { code = errno }
        if code == 0, isProven, let status { return status }
        unlinkat(descriptor, name, 0)
        guard code == 0 else { throw error("write", name, code) }
        return nil
    }
}

extension FileStatus {
    /// fstat(2); nil when it fails.
    init?(of descriptor: Int32) {
        var status = wt_status()
        guard wt_status_of(descriptor, &status) == 0 else { return nil }
        raw = status
    }

    /// Whether nothing was written to the file between two looks at it.
    public func isUnchanged(since before: FileStatus) -> Bool {
        mtime == before.mtime && ctime == before.ctime && size == before.size
    }
}
