import FileTree

/// How a source file uses an environment variable of the compilation, from its text: rustc's dep-info says only that
/// the variable was read, and a path can be folded into a number or a comparison in which no byte of it is left.
public struct EnvironmentUse: Equatable, Sendable {
    /// Whether the variable's name stands in the place that names a file to include:
    /// `include!(concat!(env!("NAME"), …))`, likewise `include_str!` and `include_bytes!`.
    public var isInclusion = false
    /// Whether the value can have come to anything else: the name stands elsewhere in quotes, or there is an `env!` whose
    /// argument is no plain literal, so that it may be any variable. A variable that is asked for when the program runs,
    /// `var("NAME")` and `var_os("NAME")`, is none of the compilation's.
    public var isOther = false

    /// No use.
    public init() {}

    /// Reads `source`. The name is looked for with a quote before and a quote or a backslash behind it, so that code in a
    /// string of a proc macro's source, `"env!(\"NAME\")"`, counts too.
    public init(of name: [UInt8], in source: [UInt8]) {
        let literal = [quote] + name
        for found in positions(of: literal, in: source) {
            guard let next = source.dropFirst(found + literal.count).first, next == quote || next == backslash else {
                continue
            }
            if Self.isInclusion(source[..<found]) {
                isInclusion = true
            } else if !Self.isAskedForLater(source[..<found]) {
                isOther = true
                return
            }
        }
        isOther = Self.hasUnknownVariable(source)
    }

    /// What both do together.
    public mutating func formUnion(_ other: EnvironmentUse) {
        isInclusion = isInclusion || other.isInclusion
        isOther = isOther || other.isOther
    }

    private static func isAskedForLater(_ before: ArraySlice<UInt8>) -> Bool {
        ["var(", "var_os("].contains { before.ends(with: $0) }
    }

    private static func isInclusion(_ before: ArraySlice<UInt8>) -> Bool {
        var text = before
        guard text.drop("env!(") else { return false }
        _ = text.drop("concat!(")
        return ["include!(", "include_str!(", "include_bytes!("].contains { text.ends(withMacro: $0) }
    }

    /// Whether there is an `env!` or `option_env!` of something else than a literal without escapes, or one of them goes by
    /// another name.
    private static func hasUnknownVariable(_ source: [UInt8]) -> Bool {
        positions(of: Array("env".utf8), in: source).contains { found in
            var word = source[..<found]
            if word.suffix(7).elementsEqual("option_".utf8) { word.removeLast(7) }
            guard word.last?.isPartOfName != true else { return false }
            var rest = source[(found + 3)...].drop(while: \.isBlank)
            if rest.starts(with: "as".utf8), rest.dropFirst(2).first?.isBlank == true {
                // `use std::env as other`, not a sentence in a comment.
                while let byte = word.last, byte.isBlank { word.removeLast() }
                return word.last.map(":{,".utf8.contains) == true
            }
            guard rest.first == UInt8(ascii: "!") else { return false }
            rest = rest.dropFirst().drop(while: \.isBlank)
            guard let open = rest.first, "([{".utf8.contains(open) else { return false }
            rest = rest.dropFirst().drop(while: \.isBlank)
            // In a string of a proc macro's source the quotes have a backslash each.
            let isInString = rest.first == backslash
            if isInString { rest = rest.dropFirst() }
            guard rest.first == quote else { return true }
            let end = rest.dropFirst().first { $0 == quote || $0 == backslash }
            return end != (isInString ? backslash : quote)
        }
    }
}

private let quote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")

/// Every place where `text` begins in `source`.
func positions(of text: [UInt8], in source: [UInt8]) -> [Int] {
    source.withUnsafeBytes { bytes in
        text.withUnsafeBytes { text in
            var found: [Int] = []
            while let next = firstPosition(of: text, in: bytes, from: found.last.map { $0 + 1 } ?? 0) {
                found.append(next)
            }
            return found
        }
    }
}

extension UInt8 {
    /// White space of source code.
    var isBlank: Bool { self == 0x20 || (0x09...0x0d).contains(self) }

    /// A byte of an identifier; those beyond ASCII can be.
    var isPartOfName: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}

extension ArraySlice<UInt8> {
    /// Takes a macro's name and parenthesis from the end, with white space before and after; false where they are not
    /// there.
    fileprivate mutating func drop(_ token: String) -> Bool {
        guard ends(with: token) else { return false }
        trim()
        removeLast(token.utf8.count)
        return true
    }

    /// Whether this ends with a macro's name and parenthesis, and the name does not begin before that.
    fileprivate func ends(withMacro token: String) -> Bool {
        var text = self
        return text.drop(token) && text.last?.isPartOfName != true
    }

    fileprivate func ends(with token: String) -> Bool {
        var text = self
        text.trim()
        return text.suffix(token.utf8.count).elementsEqual(token.utf8)
    }

    private mutating func trim() {
        while let byte = last, byte.isBlank { removeLast() }
    }
}
