/// Memory that is used again: for new memory the kernel clears every page, which takes longer than to read what it has of
/// a file.
final class LentMemory {
    let bytes: UnsafeMutableRawBufferPointer

    /// `size` bytes at least, of any value.
    init(_ size: Int) {
        let found = Self.idle.withLock { $0.take(size) }
        bytes = found?.bytes ?? .allocate(byteCount: Self.capacity(for: size), alignment: 16)
    }

    deinit {
        let idle = Idle(bytes: bytes)
        Self.idle.withLock { $0.keep(idle) }?.bytes.deallocate()
    }

    /// Few sizes, so that most fit again.
    private static func capacity(for size: Int) -> Int {
        var capacity = 64 << 10
        while capacity < size { capacity *= 2 }
        return capacity
    }

    private static let idle = Guarded(Store())

    /// Nobody else has it.
    private struct Idle: @unchecked Sendable {
        let bytes: UnsafeMutableRawBufferPointer
    }

    private struct Store {
        private var idle: [Idle] = []

        /// The smallest that is large enough.
        mutating func take(_ size: Int) -> Idle? {
            var best: Int?
            for (position, memory) in idle.enumerated() where memory.bytes.count >= size {
                if best.map({ memory.bytes.count < idle[$0].bytes.count }) ?? true { best = position }
            }
            return best.map { idle.remove(at: $0) }
        }

        /// Returns what is one too many.
        mutating func keep(_ memory: Idle) -> Idle? {
            guard memory.bytes.count <= 16 << 20 else { return memory }
            idle.append(memory)
            guard idle.count > 8, let least = idle.indices.min(by: { idle[$0].bytes.count < idle[$1].bytes.count })
            else { return nil }
            return idle.remove(at: least)
        }
    }
}
