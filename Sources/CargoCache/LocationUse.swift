import FileTree

/// Whether code can get hold of the path of the file that it stands in, from its text. A panic message has that path, too,
/// and shows it to people alone; `file!()` and `Location::caller().file()` are values that a program can work with.
public enum LocationUse {
    /// Whether `file!` stands in `source`, with white space before the mark or not.
    public static func hasFileMacro(_ source: [UInt8]) -> Bool {
        occurrences(of: "file", in: source).contains { $0.rest.drop(while: \.isBlank).first == UInt8(ascii: "!") }
    }

    /// Whether `caller` is called in `source`, or is named as `Location::caller`.
    public static func callsCaller(_ source: [UInt8]) -> Bool {
        occurrences(of: "caller", in: source).contains { before, rest in
            before.last == UInt8(ascii: ":") || rest.drop(while: \.isBlank).first == UInt8(ascii: "(")
        }
    }

    /// Whether `source` can have a macro that other code uses.
    public static func hasMacros(_ source: [UInt8]) -> Bool { source.contains(text: Array("macro".utf8)) }

    /// Where `name` stands as a whole identifier, with what is before and behind it.
    private static func occurrences(
        of name: String, in source: [UInt8]
    ) -> [(before: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)] {
        positions(of: Array(name.utf8), in: source).compactMap { found in
            let before = source[..<found]
            let rest = source[(found + name.utf8.count)...]
            guard before.last?.isPartOfName != true, rest.first?.isPartOfName != true else { return nil }
            var space = before
            while let byte = space.last, byte.isBlank { space.removeLast() }
            return (space, rest)
        }
    }
}
