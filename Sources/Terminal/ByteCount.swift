/// A number of bytes as people read it: `0 B`, `999 B`, `1.2 KiB`, `340.5 MiB`, `1.3 GiB`. The units are git's own
/// (powers of 1024, `strbuf_humanise_bytes` in strbuf.c), with one decimal, and rounded rather than cut off.
public struct ByteCount: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes; below zero for what was lost rather than gained.
    public let bytes: Int64

    /// A count of bytes.
    public init(_ bytes: Int64) { self.bytes = bytes }

    /// Fewer is less.
    public static func < (a: ByteCount, b: ByteCount) -> Bool { a.bytes < b.bytes }

    /// For example `1.2 KiB`.
    public var description: String {
        let sign = bytes < 0 ? "-" : ""
        let magnitude = bytes.magnitude
        guard magnitude >= 1024 else { return "\(sign)\(magnitude) B" }
        var unit: UInt64 = 1024
        for name in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
            let tenths = rounded(magnitude, inTenthsOf: unit)
            // 1023.96 KiB rounds to 1024.0, which is 1.0 of the next.
            if tenths < 10 * 1024 { return "\(sign)\(tenths / 10).\(tenths % 10) \(name)" }
            unit *= 1024
        }
        let tenths = rounded(magnitude, inTenthsOf: unit)
        return "\(sign)\(tenths / 10).\(tenths % 10) EiB"
    }

    /// The same in at most four digits and letters, for tables: `999B`, `1.2K`, `340M`, `1.3G`; nothing is `0`.
    public var short: String {
        let sign = bytes < 0 ? "-" : ""
        let magnitude = bytes.magnitude
        if magnitude < 1000 { return magnitude == 0 ? "0" : "\(sign)\(magnitude)B" }
        var unit: UInt64 = 1024
        for letter in "KMGTP" {
            let tenths = rounded(magnitude, inTenthsOf: unit)
            if tenths < 100 { return "\(sign)\(tenths / 10).\(tenths % 10)\(letter)" }
            let whole = (tenths + 5) / 10
            if whole < 1000 { return "\(sign)\(whole)\(letter)" }
            unit *= 1024
        }
        let tenths = rounded(magnitude, inTenthsOf: unit)
        return "\(sign)\(tenths / 10).\(tenths % 10)E"
    }
}

private func rounded(_ count: UInt64, inTenthsOf unit: UInt64) -> UInt64 {
    let (whole, rest) = count.quotientAndRemainder(dividingBy: unit)
    return whole * 10 + (rest * 10 + unit / 2) / unit
}
