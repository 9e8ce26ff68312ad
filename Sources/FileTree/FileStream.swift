import CPosix

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads files of any size from beginning to end, part by part, through one piece of memory.
public struct FileStream: ~Copyable {
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 * 1024, alignment: 16)

    /// Takes the memory.
    public init() {}

    deinit { memory.deallocate() }

    /// Reads the whole of `directory`'s child `name`: calls `start` with its status, then `part` with its bytes. Returns
    /// false where that is not to be had: no file, none that is regular (a symlink is not followed), one that `start` does
    /// not want, or one that changed while it was read.
    public mutating func read(
        _ name: UnsafePointer<CChar>, in directory: borrowing Directory, start: (FileStatus) -> Bool,
        part: (UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        // O_NONBLOCK: opening a FIFO would wait for a writer.
        let input = openat(directory.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard input >= 0 else { return false }
        defer { close(input) }
        guard let before = FileStatus(of: input), before.kind == .file, start(before) else { return false }
        var left = before.size
        while left > 0 {
            let got = readOnce(input)
            guard got > 0, Int64(got) <= left else { return false }
            part(UnsafeRawBufferPointer(rebasing: memory[..<got]))
            left -= Int64(got)
        }
        return FileStatus(of: input)?.isUnchanged(since: before) == true
    }

    private func readOnce(_ input: Int32) -> Int {
        while true {
            #if canImport(Darwin)
                let got = Darwin.read(input, memory.baseAddress!, memory.count)
            #else
                let got = Glibc.read(input, memory.baseAddress!, memory.count)
            #endif
            if got >= 0 || errno != EINTR { return got }
        }
    }
}
