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
        return body(FileWindow(descriptor: descriptor, start: 0, size: Int(status.size)))
    }

    private init(descriptor: Int32, start: Int, size: Int) {
        self.descriptor = descriptor
        self.start = start
        self.size = size
    }

    /// A window within this one; nil where it would reach beyond.
    public func part(at offset: Int, count: Int) -> FileWindow? {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else { return nil }
        return FileWindow(descriptor: descriptor, start: start + offset, size: count)
    }

    /// Bytes of the window; nil where they reach beyond it, or cannot be read whole.
    public func read(at offset: Int, count: Int) -> [UInt8]? {
        guard let part = part(at: offset, count: count) else { return nil }
        var whole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let got = pread(descriptor, buffer.baseAddress! + done, count - done, off_t(part.start + done))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    whole = false
                    return
                }
                done += got
            }
        }
        return whole ? bytes : nil
    }

    /// All bytes of the window; nil where they cannot be read whole.
    public func readAll() -> [UInt8]? { read(at: 0, count: size) }
}

/// open(2), which the type's own `open` would hide.
private func systemOpen(_ name: UnsafePointer<CChar>) -> Int32 {
    open(name, O_RDONLY | O_CLOEXEC)
}
