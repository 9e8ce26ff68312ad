/// How many columns of a terminal `text` takes. Combining marks take none, East Asian wide and fullwidth characters
/// and emoji take two. Meant for text that went through `escapedForTerminal`: a control character counts as none.
public func displayWidth(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text.utf8.count }
    return text.reduce(0) { $0 + displayWidth($1) }
}

/// The columns of one character as a reader sees it, a grapheme cluster.
func displayWidth(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    // A sequence of emoji is drawn as one; a cluster of letters, as in Indic scripts, as the sum of its letters.
    let isEmoji = scalars.contains { $0.properties.isEmojiPresentation || $0 == emojiVariationSelector }
    return isEmoji ? 2 : scalars.reduce(0) { $0 + displayWidth($1) }
}

private let emojiVariationSelector: Unicode.Scalar = "\u{fe0f}"

private func displayWidth(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20..<0x7f: return 1
    // A soft hyphen shows in terminals, unlike the other format characters.
    case 0xad: return 1
    // Hangul vowels and final consonants stand in the block that the initial consonant opened.
    case 0x1160...0x11ff, 0xd7b0...0xd7ff: return 0
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .nonspacingMark, .enclosingMark, .lineSeparator, .paragraphSeparator: return 0
    default: return isWide(scalar.value) ? 2 : 1
    }
}

/// East_Asian_Width W or F, without emoji, as in Unicode's EastAsianWidth.txt; unassigned code points between such
/// ones go with their neighbours.
private func isWide(_ value: UInt32) -> Bool {
    switch value {
    case ..<0x1100: false
    case 0x1100...0x115f,  // Hangul initial consonants
        0x2329...0x232a,  // angle brackets
        0x2e80...0x303e, 0x3041...0xa4c6,  // radicals, kana, bopomofo, enclosed letters, Han, Yi
        0xa960...0xa97c, 0xac00...0xd7a3,  // Hangul
        0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6b,  // compatibility and vertical forms
        0xff01...0xff60, 0xffe0...0xffe6,  // fullwidth forms
        0x16fe0...0x1b2fb,  // Tangut, Khitan, Nushu, kana supplements
        0x1f200...0x1f265,  // enclosed ideographs
        0x20000...0x3fffd:  // more Han
        true
    default: false
    }
}

/// `text` in at most `width` columns: whole where it fits, or else its beginning and `…`, or `…` and its end. Never cuts
/// a character in two; a wide character that would not fit is left out.
public func truncated(_ text: String, toWidth width: Int, keepingEnd: Bool = false) -> String {
    guard displayWidth(text) > width else { return text }
    guard width > 0 else { return "" }
    var left = width - 1
    func fits(_ character: Character) -> Bool {
        left -= displayWidth(character)
        return left >= 0
    }
    return keepingEnd ? "…" + String(text.reversed().prefix(while: fits).reversed()) : text.prefix(while: fits) + "…"
}
