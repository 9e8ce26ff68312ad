/// A command line as bash hands it to a completion, taken apart by bash's rules for quotes. bash itself splits it at `=`,
/// `:` and `@` as well, and replaces only what it takes for the word; so the words are found here, and what is given back
/// is quoted as needed at the place where bash will put it.
struct BashLine {
    /// The words before the one at the cursor, without quotes.
    private(set) var words: [String] = []
    /// The one at the cursor, without quotes.
    private(set) var word = ""
    /// The quote that is open at the cursor.
    private(set) var quote: Unicode.Scalar?

    private let line: String
    /// What bash takes for the word, as it is in the line.
    private let replaced: String

    /// Splits the line up to the cursor.
    init(_ line: String, completing replaced: String = "") {
        self.line = line
        self.replaced = replaced
        var isInWord = false
        // Not by what Swift takes for characters: to bash a blank with a combining mark behind it is a blank.
        var characters = line.unicodeScalars[...]
        while let character = characters.popFirst() {
            switch (character, quote) {
            case ("\\", nil), ("\\", "\""):
                // Between double quotes a backslash counts only before these.
                if quote != nil, let next = characters.first, !"\"\\$`".unicodeScalars.contains(next) {
                    word.unicodeScalars.append(character)
                }
                if let next = characters.popFirst() { word.unicodeScalars.append(next) }
                isInWord = true
            case (let character, .some(let open)):
                if character == open { quote = nil } else { word.unicodeScalars.append(character) }
            case ("'", nil), ("\"", nil):
                quote = character
                isInWord = true
            case (" ", nil), ("\t", nil), ("\n", nil):
                if isInWord { words.append(word) }
                (word, isInWord) = ("", false)
            case (let character, nil):
                word.unicodeScalars.append(character)
                isInWord = true
            }
        }
        // The command itself, and variables that are set for it.
        if let command = words.firstIndex(where: { !$0.contains("=") }) { words.removeSubrange(...command) }
    }

    /// The lines that go into bash's COMPREPLY.
    func answer(_ table: CommandTable) -> [String] {
        let completion = Completion(table: table, words: words, word: word)
        let names: [String]
        switch completion.answer {
        case .directories: return [":directories"]
        case .names(let all): names = all.map { completion.start + $0 }
        case .described(let rows): names = rows.map(\.name)
        }
        let kept = line.hasSuffix(replaced) ? BashLine(String(line.dropLast(replaced.count))) : BashLine("")
        return names.filter { $0.utf8.starts(with: word.utf8) && $0.utf8.starts(with: kept.word.utf8) }.map {
            Self.quoted(String(decoding: $0.utf8.dropFirst(kept.word.utf8.count), as: UTF8.self), in: kept.quote)
        }
    }

    static func quoted(_ text: String, in quote: Unicode.Scalar?) -> String {
        if text.utf8.allSatisfy(isPlain) { return text }
        return text.unicodeScalars.map { scalar in
            switch quote {
            case "'": scalar == "'" ? #"'\''"# : String(scalar)
            case .some: "\"\\$`".unicodeScalars.contains(scalar) ? "\\\(scalar)" : String(scalar)
            case nil: String(scalar).utf8.allSatisfy(isPlain) ? String(scalar) : "\\\(scalar)"
            }
        }.joined()
    }

    /// Whether a byte means nothing but itself, wherever it stands.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...:
            true
        default: "_@%+=:,./-^".utf8.contains(byte)
        }
    }
}
