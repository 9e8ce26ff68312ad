/// `text` with everything made visible that a terminal would obey instead of showing, and everything that changes
/// the order or the look of its neighbours unseen: control characters, line and paragraph separators, and invisible
/// format characters such as the bidirectional overrides. Names of branches, files and packages, and the messages of
/// other programs, are data, and go through here before they are printed.
///
/// Control characters come out as in C and in git's quoted paths (`\n`, `\t`, `\x1b`), the rest as `\u{202e}`. A
/// backslash stays as it is, so ordinary text is never changed. Zero-width joiners stay: emoji and several scripts
/// need them. With `keepingNewlines`, line feeds stay too, for text of several lines.
public func escapedForTerminal(_ text: String, keepingNewlines: Bool = false) -> String {
    // Printable ASCII, which is nearly everything, is not looked at twice.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        if keepingNewlines, scalar == "\n" {
            result.unicodeScalars.append(scalar)
        } else if let escape = escape(of: scalar) {
            result += escape
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// The same for bytes that need not be text, such as a file's name: each byte that is no part of valid UTF-8 comes out
/// as `\xff`.
public func escapedForTerminal(bytes: some Sequence<UInt8>, keepingNewlines: Bool = false) -> String {
    var rest = Array(bytes)[...]
    var result = ""
    while let first = rest.first {
        let length = encodedLength(startingWith: first)
        if length > 0, let character = String(validating: rest.prefix(length), as: UTF8.self) {
            result += escapedForTerminal(character, keepingNewlines: keepingNewlines)
            rest = rest.dropFirst(length)
        } else {
            result += hexadecimalEscape(first)
            rest = rest.dropFirst()
        }
    }
    return result
}

/// How many bytes a UTF-8 sequence has that starts like this, 0 when none does.
private func encodedLength(startingWith byte: UInt8) -> Int {
    switch byte {
    case 0..<0x80: 1
    case 0xc2..<0xe0: 2
    case 0xe0..<0xf0: 3
    case 0xf0..<0xf5: 4
    default: 0
    }
}

private func escape(of scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case "\u{200c}", "\u{200d}": return nil
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control where scalar.value < 0x80: return hexadecimalEscape(UInt8(scalar.value))
    case .control, .format, .lineSeparator, .paragraphSeparator:
        return "\\u{\(String(scalar.value, radix: 16))}"
    default: return nil
    }
}

private func hexadecimalEscape(_ byte: UInt8) -> String {
    "\\x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
}
