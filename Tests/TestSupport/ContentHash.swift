/// A 128-bit checksum of bytes, made to be fast even in a debug build, where most tests run. Every step is a bijection
/// of the state for given input and of the input for given state, so a change of a single word is always seen; that
/// two other inputs agree in both halves is a matter of 1 in 2^128. It is no defence against an attacker.
public struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    private var first: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var second: UInt64 = 0xC2B2_AE3D_27D4_EB4F

    /// The checksum of `bytes`.
    public init(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            let whole = buffer.count / 8
            if let start = buffer.baseAddress { add(start.assumingMemoryBound(to: UInt64.self), count: whole) }
            var rest: UInt64 = 0
            for index in (whole * 8)..<buffer.count { rest = rest << 8 | UInt64(buffer[index]) }
            add(rest)
            // The length tells trailing zeros apart.
            add(UInt64(buffer.count))
        }
    }

    /// 32 hexadecimal digits.
    public var description: String {
        [first, second].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// The contents of an array start at a multiple of 16, so whole words can be read as they stand. The loop counts
    /// by hand and holds its state in variables: iterators and properties cost a call each in a debug build.
    private mutating func add(_ words: UnsafePointer<UInt64>, count: Int) {
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

    private mutating func add(_ word: UInt64) {
        withUnsafePointer(to: word) { add($0, count: 1) }
    }
}
