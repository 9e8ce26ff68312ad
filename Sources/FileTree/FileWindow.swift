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
    /// Memory that has the bytes of this window and maybe of more around it; nil where none was read ahead.
    private let memory: Memory?

    /// Bytes of the file from `start` on.
    private final class Memory {
        let start: Int
        let bytes: UnsafeMutableRawBufferPointer

        init(start: Int, size: Int) {
            self.start = start
            bytes = .allocate(byteCount: size, alignment: 16)
        }

        deinit { bytes.deallocate() }
    }

    /// Opens `path`, and calls `body` with all of it. Throws `FileError`.
    public static func open<Result>(
        _ path: FilePath, _ body: (FileWindow) -> Result
    ) throws(FileError) -> Result {
        let descriptor = path.withPlatformString { systemOpen($0) }
        guard descriptor >= 0 else { throw FileError("open", path, Errno(rawValue: errno)) }
        defer { close(descriptor) }
        var status = wt_status()
        let code = wt_status_of(descriptor, &status)
        guard code == 0 else { throw FileError("look at", path, Errno(rawValue: code)) }
        return body(FileWindow(descriptor: descriptor, start: 0, size: Int(status.size), memory: nil))
    }

    private init(descriptor: Int32, start: Int, size: Int, memory: Memory?) {
        self.descriptor = descriptor
        self.start = start
        self.size = size
        self.memory = memory
    }

    /// The same window with its bytes in memory, so that looking at many parts of it costs one read; itself where it is
    /// larger than `limit`, or cannot be read whole.
    public func readAhead(upTo limit: Int) -> FileWindow {
        guard memory == nil, size > 0, size <= limit else { return self }
        let memory = Memory(start: start, size: size)
        guard read(into: memory.bytes) else { return self }
        return FileWindow(descriptor: descriptor, start: start, size: size, memory: memory)
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

    /// Calls `body` with all bytes of the window; nil where they cannot be read whole.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        if let memory {
            return withExtendedLifetime(memory) {
                let first = start - memory.start
                return body(UnsafeRawBufferPointer(rebasing: memory.bytes[first..<first + size]))
            }
        }
        let own = Memory(start: start, size: size)
        return withExtendedLifetime(own) { read(into: own.bytes) ? body(UnsafeRawBufferPointer(own.bytes)) : nil }
    }

    private func read(into bytes: UnsafeMutableRawBufferPointer) -> Bool {
        var done = 0
        while done < size {
            let got = pread(descriptor, bytes.baseAddress! + done, size - done, off_t(start + done))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return false }
            done += got
        }
        return true
    }

    /// All bytes of the window; nil where they cannot be read whole.
    public func readAll() -> [UInt8]? { read(at: 0, count: size) }
}

/// open(2), which the type's own `open` would hide.
private func systemOpen(_ name: UnsafePointer<CChar>) -> Int32 {
    open(name, O_RDONLY | O_CLOEXEC)
}
