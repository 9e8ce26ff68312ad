import Terminal
import Testing

struct ExactTextTests {
    @Test(arguments: [
        "make setup", #"sed -i 's/\.x$/\n/' file"#, "echo größe 日本 привет", "", "    indented", #"C:\tools"#,
    ])
    func anOrdinaryLineStaysAsItIs(_ line: String) {
        let text = ExactText(line)
        #expect(text.description.utf8.elementsEqual(line.utf8) && !text.isEscaped)
    }

    @Test(arguments: [
        ("a\tb\u{1b}[2K\r", #"a\x09b\x1b[2K\x0d"#), ("a\nb", #"a\x0ab"#), ("a\u{7f}b", #"a\x7fb"#),
        ("a\u{200d}\u{200c}\u{fe0f}\u{3164}b", #"a\u{200d}\u{200c}\u{fe0f}\u{3164}b"#),
        ("a\u{a0}b\u{2003}c\u{2800}", #"a\u{a0}b\u{2003}c\u{2800}"#),
        ("e\u{301}", #"e\u{301}"#), ("rm \u{5d0}/\u{5d1}", #"rm \u{5d0}/\u{5d1}"#), ("\u{e000}", #"\u{e000}"#),
        // What looks like one of ours.
        (#"a\u{200d}b"#, #"a\\u{200d}b"#), (#"a\x1b"#, #"a\\x1b"#), (#"a\\b"#, #"a\\\\b"#),
        ("C:\\tools\u{200b}", #"C:\\tools\u{200b}"#),
        ("make" + String(repeating: " ", count: 18) + "x", "make" + String(repeating: " ", count: 16) + #"\x20\x20x"#),
    ])
    func whatDoesNotShowIsANumber(_ line: String, _ shown: String) {
        let text = ExactText(line)
        #expect(text.description == shown && text.isEscaped)
    }

    /// The promise itself, for every code point: each has a look of its own, and none is invisible.
    @Test func noTwoLookTheSame() {
        for value in (0...0x10ffff as ClosedRange<UInt32>) {
            guard let scalar = Unicode.Scalar(value), value != 0x5c else { continue }
            let shown = ExactText(String(Character(scalar))).description.unicodeScalars
            if shown.count == 1 {
                #expect(shown.first == scalar)
                if scalar != " ", scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.isWhitespace {
                    Issue.record("U+\(String(value, radix: 16)) does not show")
                }
            } else {
                let digits = shown.drop { $0 != "x" && $0 != "{" }.dropFirst().prefix { $0 != "}" }
                #expect(UInt32(String(String.UnicodeScalarView(digits)), radix: 16) == value)
            }
        }
    }
}
