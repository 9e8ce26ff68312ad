/// Looks for attributes that make the files of a checkout differ from their blobs. Knows nothing of the order in which
/// attribute files and their lines count, or of what takes an attribute away again: git is right in every case, and only
/// slower.
enum AttributeScan {
    /// A line with such an attribute.
    struct Conversion: Hashable {
        let pattern: NamePattern
        /// The word as it stands there, for example `filter=lfs`.
        let attribute: String
    }

    /// The lines with such attributes in the text of an attribute file.
    static func conversions(in text: some Collection<UInt8>) -> [Conversion] {
        text.split(whereSeparator: { $0 == 0x0a }).compactMap { line in
            let words = line.split(whereSeparator: { $0.isSpace })
            guard let first = words.first, first.first != UInt8(ascii: "#"),
                let found = words.dropFirst().map(\.text).first(where: isConversion)
            else { return nil }
            // Whoever uses the name of such a macro may stand in another file.
            let pattern = first.starts(with: "[attr]".utf8) ? NamePattern.all : NamePattern(first)
            return Conversion(pattern: pattern, attribute: found)
        }
    }

    /// `text` and `eol=lf` change nothing on the way out of the repository (convert.c); with `-` or `!` in front an
    /// attribute is taken away. `crlf` is what `eol=crlf` was called once, and no longer (`crlf=input` is `eol=lf`).
    private static func isConversion(_ word: String) -> Bool {
        word.hasPrefix("filter=") || word.hasPrefix("working-tree-encoding=") || word == "ident" || word == "eol=crlf"
    }
}
