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
        lines(of: text).compactMap { words in
            guard let first = words.first, let found = words.dropFirst().map(\.text).first(where: isConversion) else {
                return nil
            }
            // Whoever uses the name of such a macro may stand in another file.
            let pattern = first.starts(with: "[attr]".utf8) ? NamePattern.all : NamePattern(first)
            return Conversion(pattern: pattern, attribute: found)
        }
    }

    /// The words of each line that says something, as git takes them apart (`blank` in attr.c; a byte order mark in front
    /// is passed over, read_attr_from_file).
    static func lines<Text: Collection<UInt8>>(of text: Text) -> [[Text.SubSequence]] {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let text = text.starts(with: mark) ? text.dropFirst(mark.count) : text[...]
        return text.split(whereSeparator: { $0 == 0x0a }).compactMap { line in
            let words = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d })
            return words.first.map { $0.first == UInt8(ascii: "#") } == false ? words : nil
        }
    }

    /// `text` and `eol=lf` change nothing on the way out of the repository (convert.c); with `-` or `!` in front an
    /// attribute is taken away. `crlf` is what `eol=crlf` was called once, and no longer (`crlf=input` is `eol=lf`).
    private static func isConversion(_ word: String) -> Bool {
        word.starts(withBytesOf: "filter=") || word.starts(withBytesOf: "working-tree-encoding=") || word == "ident"
            || word == "eol=crlf"
    }
}
