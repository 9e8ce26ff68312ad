import Terminal
import Testing

#if canImport(Glibc)
    import Glibc

    /// wcwidth(3), which the Glibc module does not show.
    @_silgen_name("wcwidth") private func wcwidth(_ character: Int32) -> Int32
#endif

struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("größe", 5), ("e\u{301}", 1), ("\u{301}", 0),
        ("日本語", 6), ("ﾊﾝｶｸ", 4), ("ＡＢ", 4), ("한국", 4),
        ("\u{1112}\u{1161}\u{11ab}", 2),  // one Hangul syllable, decomposed
        ("👍", 2), ("👍🏽", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤\u{fe0f}", 2), ("❤", 1),
        ("क\u{94d}ष", 2), ("…", 1), ("→", 1), ("│", 1),
    ])
    func width(_ text: String, _ expected: Int) {
        #expect(displayWidth(text) == expected)
    }

    @Test(arguments: [
        ("feature", 7, "feature"), ("feature", 6, "featu…"), ("feature", 1, "…"), ("feature", 0, ""),
        // A wide character is not cut in two: one column stays unused.
        ("日本語", 6, "日本語"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("日本語", 2, "…"),
        ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ])
    func truncating(_ text: String, _ width: Int, _ expected: String) {
        let result = truncated(text, toWidth: width)
        #expect(result == expected)
        #expect(displayWidth(result) <= width)
    }

    #if canImport(Glibc)
        /// Letters and symbols of every script against the C library's own table. Left out is what is decided
        /// differently on purpose or changed between versions of Unicode: emoji, Hangul parts, format characters,
        /// marks, and what is not assigned.
        @Test func asTheCLibrary() throws {
            let locale = try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
            let previous = uselocale(locale)
            defer {
                uselocale(previous)
                freelocale(locale)
            }
            var compared = 0
            var different: [String] = []
            for value in (0x20...0x2ffff as ClosedRange<UInt32>) {
                guard let scalar = Unicode.Scalar(value) else { continue }
                let properties = scalar.properties
                switch properties.generalCategory {
                case .control, .format, .unassigned, .privateUse, .nonspacingMark, .enclosingMark, .spacingMark,
                    .lineSeparator, .paragraphSeparator:
                    continue
                default: break
                }
                if properties.isEmoji || (0x1160...0x11ff).contains(value) || (0xd7b0...0xd7ff).contains(value) {
                    continue
                }
                let theirs = wcwidth(Int32(value))
                guard theirs >= 0 else { continue }
                compared += 1
                if displayWidth(String(Character(scalar))) != Int(theirs) {
                    different.append("U+\(String(value, radix: 16)) \(theirs)")
                }
            }
            #expect(compared > 100_000)
            #expect(different == [])
        }
    #endif
}
