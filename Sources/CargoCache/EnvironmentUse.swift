import FileTree

/// How a source file uses an environment variable of the compilation, from its text: rustc's dep-info says only that
/// the variable was read, and a path can be folded into a number or a comparison in which no byte of it is left.
public enum EnvironmentUse {
    /// Whether every string literal `"NAME"` in `source` stands in the place that names a file to include:
    /// `include!(concat!(env!("NAME"), …))`, likewise `include_str!` and `include_bytes!`, or is asked for when the
    /// program runs: `var("NAME")`, `var_os("NAME")`. True where there is none.
    public static func isOnlyInclusion(of name: [UInt8], in source: [UInt8]) -> Bool {
        let literal = [quote] + name + [quote]
        var position = 0
        while let found = first(literal, in: source, from: position) {
            if !isInclusion(source[..<found]), !isAskedForLater(source[..<found]) { return false }
            position = found + literal.count
        }
        return true
    }

    private static func first(_ literal: [UInt8], in source: [UInt8], from start: Int) -> Int? {
        source.withUnsafeBytes { bytes in
            literal.withUnsafeBytes { firstPosition(of: $0, in: bytes, from: start) }
        }
    }

    private static func isAskedForLater(_ before: ArraySlice<UInt8>) -> Bool {
        ["var(", "var_os("].contains { before.ends(with: $0) }
    }

    private static func isInclusion(_ before: ArraySlice<UInt8>) -> Bool {
        var text = before
        guard text.drop("env!(") else { return false }
        _ = text.drop("concat!(")
        return ["include!(", "include_str!(", "include_bytes!("].contains { text.ends(with: $0) }
    }
}

private let quote = UInt8(ascii: "\"")

extension ArraySlice<UInt8> {
    /// Takes a macro's name and parenthesis from the end, with white space before and after; false where they are not
    /// there.
    fileprivate mutating func drop(_ token: String) -> Bool {
        guard ends(with: token) else { return false }
        trim()
        removeLast(token.utf8.count)
        return true
    }

    fileprivate func ends(with token: String) -> Bool {
        var text = self
        text.trim()
        return text.suffix(token.utf8.count).elementsEqual(token.utf8)
    }

    private mutating func trim() {
        while let byte = last, " \t\r\n".utf8.contains(byte) { removeLast() }
    }
}
