/// A line of text for somebody who is to approve of exactly this: two different lines never look the same.
///
/// What is ASCII and prints stands as it is, and so do the letters of other languages. Everything else, all that shows nothing,
/// joins its neighbours or turns their order round, is a number, `\x1b` or `\u{200d}`; then, and where the line itself has
/// something that looks like that, each backslash is written twice.
public struct ExactText: CustomStringConvertible, Sendable {
    /// What to print.
    public let description: String
    /// Whether something does not stand there as it is.
    public let isEscaped: Bool

    /// Writes out `line`.
    public init(_ line: String) {
        isEscaped =
            line.unicodeScalars.contains(where: Self.isHidden)
            || [#"\x"#, #"\u{"#, #"\\"#].contains { line.contains($0) } || Self.hasGap(line)
        guard isEscaped else {
            description = line
            return
        }
        var text = String.UnicodeScalarView()
        var blanks = 0
        for scalar in line.unicodeScalars {
            blanks = scalar == " " ? blanks + 1 : 0
            if scalar == "\\" {
                text.append(contentsOf: #"\\"#.unicodeScalars)
            } else if Self.isHidden(scalar) || blanks > Self.longestGap {
                text.append(contentsOf: Self.number(of: scalar).unicodeScalars)
            } else {
                text.append(scalar)
            }
        }
        description = String(text)
    }

    /// More blanks in a row could move what follows into the terminal's next line, where it would pass for one of ours.
    private static let longestGap = 16

    private static func hasGap(_ line: String) -> Bool {
        line.contains(String(repeating: " ", count: longestGap + 1))
    }

    private static func number(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return scalar.value < 0x80 ? "\\x\(digits.count < 2 ? "0" : "")\(digits)" : "\\u{\(digits)}"
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7f { return scalar.value < 0x20 }
        // BRAILLE PATTERN BLANK counts as a symbol.
        if scalar.properties.isDefaultIgnorableCodePoint || scalar == "\u{2800}" { return true }
        if rightToLeft.contains(where: { $0.contains(scalar.value) }) { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
            .unassigned, .nonspacingMark, .enclosingMark:
            return true
        default: return false
        }
    }

    /// The blocks whose characters run from right to left unless it is said otherwise (DerivedBidiClass.txt of Unicode): the
    /// order in which a terminal shows what stands between two of them is not that in which a shell reads it.
    private static let rightToLeft: [ClosedRange<UInt32>] = [
        0x590...0x8ff, 0xfb1d...0xfdff, 0xfe70...0xfeff, 0x10800...0x10fff, 0x1e800...0x1efff,
    ]
}
