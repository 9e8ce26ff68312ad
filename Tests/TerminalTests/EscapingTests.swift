import Terminal
import Testing

struct EscapingTests {
    @Test(arguments: [
        ("plain/branch-1", "plain/branch-1"),
        ("back\\slash", "back\\slash"),
        ("größe/日本/👩‍👩‍👧/नमस्ते", "größe/日本/👩‍👩‍👧/नमस्ते"),
        ("e\u{301}", "e\u{301}"),
        ("\u{1b}[31mred", "\\x1b[31mred"),
        ("\u{1b}]0;title\u{7}", "\\x1b]0;title\\x07"),
        ("a\nb\r\nc\td", "a\\nb\\r\\nc\\td"),
        ("del\u{7f}", "del\\x7f"),
        ("c1\u{9b}31m", "c1\\u{9b}31m"),
        ("main\u{202e}txt", "main\\u{202e}txt"),
        ("\u{2066}isolate\u{2069}", "\\u{2066}isolate\\u{2069}"),
        ("line\u{2028}separator", "line\\u{2028}separator"),
        ("\u{feff}mark", "\\u{feff}mark"),
        ("", ""),
    ])
    func text(_ raw: String, _ escaped: String) {
        #expect(escapedForTerminal(raw) == escaped)
        #expect(escapedForTerminal(bytes: raw.utf8) == escaped)
    }

    @Test func newlinesCanStay() {
        #expect(escapedForTerminal("error: a\n\u{1b}b\n", keepingNewlines: true) == "error: a\n\\x1bb\n")
        #expect(escapedForTerminal(bytes: Array("a\nb".utf8), keepingNewlines: true) == "a\nb")
    }

    @Test(
        arguments: [
            ([0x66, 0xff, 0x6f], "f\\xffo"),
            ([0xc3], "\\xc3"),
            ([0xc3, 0x28], "\\xc3("),
            // Overlong, a surrogate, beyond Unicode: no terminal may be handed them as if they were characters.
            ([0xc0, 0xaf], "\\xc0\\xaf"),
            ([0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"),
            ([0xf5, 0x80, 0x80, 0x80], "\\xf5\\x80\\x80\\x80"),
            ([0xe6, 0x97, 0xa5, 0x80], "日\\x80"),
            ([0x9b, 0x33, 0x31, 0x6d], "\\x9b31m"),
            ([0x00], "\\x00"),
        ] as [([UInt8], String)])
    func bytes(_ raw: [UInt8], _ escaped: String) {
        #expect(escapedForTerminal(bytes: raw) == escaped)
    }

    /// The promise itself, for every code point: nothing that comes out can move the cursor or turn the text round.
    @Test func noControlCharacterGetsThrough() {
        for value in (0...0x10ffff as ClosedRange<UInt32>) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for left in escapedForTerminal(String(Character(scalar))).unicodeScalars {
                switch left.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator:
                    Issue.record("U+\(String(value, radix: 16)) gets through")
                case .format where left != "\u{200c}" && left != "\u{200d}":
                    Issue.record("U+\(String(value, radix: 16)) gets through")
                default: break
                }
            }
        }
    }
}
