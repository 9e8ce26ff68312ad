import FileTree
import Foundation
import SystemPackage

/// A 128-bit checksum of bytes, made to be fast even in a debug build, where most tests run. Every step is a bijection
/// of the state for given input and of the input for given state, so a change of a single word is always seen; that
/// two other inputs agree in both halves is a matter of 1 in 2^128. It is no defence against an attacker.
public struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    private var first: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var second: UInt64 = 0xC2B2_AE3D_27D4_EB4F

    /// The checksum of `bytes`.
    public init(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { addLast($0, total: $0.count) }
    }

    /// The checksum of a file, read piece by piece through `buffer`: where memory is handed out slowly, a buffer as
    /// large as the file costs ten times what the reading does. `path` ends with a NUL. Throws `FileError`.
    init(contentsOf path: [CChar], through buffer: UnsafeMutableRawBufferPointer) throws(FileError) {
        precondition(buffer.count >= 8 && buffer.count % 8 == 0)
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", FilePath(platformString: path), Errno(rawValue: errno)) }
        defer { close(descriptor) }
        var (total, held) = (0, 0)
        while true {
            let count = read(descriptor, buffer.baseAddress! + held, buffer.count - held)
            guard count >= 0 else { throw FileError("read", FilePath(platformString: path), Errno(rawValue: errno)) }
            if count == 0 { break }
            total += count
            held += count
            if held == buffer.count {
                add(UnsafeRawBufferPointer(buffer))
                held = 0
            }
        }
        addLast(UnsafeRawBufferPointer(rebasing: buffer[..<held]), total: total)
    }

    /// 32 hexadecimal digits.
    public var description: String {
        [first, second].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// The end of the input, whose length need not be a multiple of 8; the total tells trailing zeros apart.
    private mutating func addLast(_ bytes: UnsafeRawBufferPointer, total: Int) {
        let whole = bytes.count / 8 * 8
        add(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
        var last: [UInt64] = [0, UInt64(total)]
        for byte in bytes[whole...] { last[0] = last[0] << 8 | UInt64(byte) }
        last.withUnsafeBytes { add($0) }
    }

    /// Whole words at an address that is a multiple of 8, as arrays and allocations are. The loop counts by hand and
    /// holds its state in variables: iterators and properties cost a call each in a debug build.
    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard let words = bytes.baseAddress?.assumingMemoryBound(to: UInt64.self) else { return }
        let count = bytes.count / 8
        var (a, b) = (first, second)
        var index = 0
        while index < count {
            let word = words[index]
            a = (a ^ word) &* 0x9FB2_1C65_1E98_DF25
            a = a ^ (a &>> 29)
            b = (b &+ word) &* 0xD6E8_FEB8_6659_FD93
            b = b ^ (b &>> 32)
            index &+= 1
        }
        (first, second) = (a, b)
    }
}
