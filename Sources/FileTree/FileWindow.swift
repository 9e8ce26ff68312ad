import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Part of an open file, read where it is needed. Not a mapping: a build may truncate the file meanwhile, and a read
/// then comes up short where a mapping would end the process.
public struct FileWindow {
    private let descriptor: Int32
    private let start: Int
    /// Bytes in the window.
    public let size: Int
    /// Memory that has bytes of the file, of this window or not; nil where none were read ahead.
    private let memory: Memory?

    /// Bytes of the file from `start` on.
    private final class Memory {
        let start: Int
        let size: Int
        private let lent: LentMemory

        init(start: Int, size: Int) {
            self.start = start
            self.size = size
            lent = LentMemory(size)
        }

        var bytes: UnsafeMutableRawBufferPointer { .init(rebasing: lent.bytes[..<size]) }
    }

    /// Opens the regular file at `path`, and calls `body` with all of it. Throws `FileError`.
    public static func open<Result>(
        _ path: FilePath, _ body: (FileWindow) -> Result
    ) throws(FileError) -> Result {
        let descriptor = path.withPlatformString { systemOpen($0) }
        guard descriptor >= 0 else { throw FileError("open", path, Errno(rawValue: errno)) }
        defer { close(descriptor) }
        var status = wt_status()
        let code = wt_status_of(descriptor, &status)
        guard code == 0 else { throw FileError("look at", path, Errno(rawValue: code)) }
        guard FileStatus(raw: status).kind == .file else { throw FileError("read", path, .invalidArgument) }
        return body(FileWindow(descriptor: descriptor, start: 0, size: Int(status.size), memory: nil))
    }

    private init(descriptor: Int32, start: Int, size: Int, memory: Memory?) {
        self.descriptor = descriptor
        self.start = start
        self.size = size
        self.memory = memory
    }

    /// The same window with `count` of its bytes from `offset` on in memory, as many of them as there are: looking at
    /// small parts in there costs no read. Itself where they are in memory already, or cannot be read; where they are not,
    /// `atLeast` bytes are read.
    public func readAhead(at offset: Int = 0, count: Int, atLeast: Int = 0) -> FileWindow {
        guard offset >= 0, offset < size, count > 0, !isInMemory(start + offset, min(count, size - offset)) else {
            return self
        }
        let count = min(max(count, atLeast), size - offset)
        guard count <= mostReadAtOnce else { return self }
        let memory = Memory(start: start + offset, size: count)
        guard read(into: memory.bytes, from: start + offset) else { return self }
        return FileWindow(descriptor: descriptor, start: start, size: size, memory: memory)
    }

    private func isInMemory(_ start: Int, _ count: Int) -> Bool {
        guard let memory else { return false }
        return start >= memory.start && start + count <= memory.start + memory.size
    }

    /// A window within this one; nil where it would reach beyond.
    public func part(at offset: Int, count: Int) -> FileWindow? {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else { return nil }
        return FileWindow(descriptor: descriptor, start: start + offset, size: count, memory: memory)
    }

    /// Bytes of the window; nil where they reach beyond it, or cannot be read whole.
    public func read(at offset: Int, count: Int) -> [UInt8]? {
        part(at: offset, count: count)?.withBytes { Array($0) }
    }

    /// Calls `body` with all bytes of the window; nil where they cannot be read whole, or are more than 1 GiB.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        if let memory, isInMemory(start, size) {
            return withExtendedLifetime(memory) {
                let first = start - memory.start
                return body(UnsafeRawBufferPointer(rebasing: memory.bytes[first..<first + size]))
            }
        }
        guard size <= mostReadAtOnce else { return nil }
        let own = Memory(start: start, size: size)
        return withExtendedLifetime(own) {
            read(into: own.bytes, from: start) ? body(UnsafeRawBufferPointer(own.bytes)) : nil
        }
    }

    private func read(into bytes: UnsafeMutableRawBufferPointer, from start: Int) -> Bool {
        var done = 0
        while done < bytes.count {
            let got = pread(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(start + done))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return false }
            done += got
        }
        return true
    }

    /// All bytes of the window; nil where they cannot be read whole.
    public func readAll() -> [UInt8]? { read(at: 0, count: size) }
}

/// open(2), which the type's own `open` would hide. O_NONBLOCK: a FIFO would wait for a writer.
private func systemOpen(_ name: UnsafePointer<CChar>) -> Int32 {
    open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
}
