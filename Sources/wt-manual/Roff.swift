import Terminal

/// A manual page in the making, in the macros of man(7).
struct Roff {
    private(set) var text: String

    /// Begins a page of section 1. The date is given, so that the same sources make the same page.
    init(page: String, date: String, version: String) {
        text = ".TH \(Self.word(page.uppercased())) 1 \"\(date)\" \(Self.word(version)) \"wt manual\"\n"
    }

    /// `.SH`: a section.
    mutating func section(_ title: String) { text += ".SH \(Self.word(title.uppercased()))\n" }

    /// One paragraph of running text, which the reader's terminal folds.
    mutating func line(_ line: String) { text += Self.escaped(line) + "\n" }

    /// A line that is in roff's language already.
    mutating func raw(_ line: String) { text += line + "\n" }

    /// `.TP`: a term and what is said about it.
    mutating func item(_ term: String, _ paragraphs: [String]) {
        text += ".TP\n\(term)\n"
        text += paragraphs.map(Self.escaped).joined(separator: "\n.IP\n") + "\n"
    }

    /// Text in the manner of wt's help: a paragraph in which a line is indented or has columns stands as it is, another
    /// one is running text. Each begins a new paragraph.
    mutating func prose(_ prose: String) {
        var isFirst = text.hasSuffix("\n") && text.split(separator: "\n").last?.hasPrefix(".SH") == true
        for block in Self.blocks(of: prose) {
            // Behind a section's title a paragraph has begun already.
            if !isFirst { text += ".PP\n" }
            isFirst = false
            if block.isLiteral {
                text += ".nf\n" + literal(block.lines) + "\n.fi\n"
            } else {
                text += Self.escaped(block.lines.joined(separator: " ")) + "\n"
            }
        }
    }

    /// Folded for a screen of 80 columns, seven of which are the page's margin: roff leaves such lines as they are.
    private func literal(_ lines: [String]) -> String {
        let lines = folded(lines.joined(separator: "\n"), to: 72).split(separator: "\n")
        return lines.map { Self.escaped(String($0)) }.joined(separator: "\n")
    }

    private static func blocks(of prose: String) -> [(lines: [String], isLiteral: Bool)] {
        var blocks: [(lines: [String], isLiteral: Bool)] = []
        var isOpen = false
        for line in prose.split(separator: "\n", omittingEmptySubsequences: false) {
            guard !line.allSatisfy({ $0 == " " }) else {
                isOpen = false
                continue
            }
            let isLiteral = line.hasPrefix(" ") || line.contains("  ")
            if isOpen, blocks[blocks.count - 1].isLiteral == isLiteral {
                blocks[blocks.count - 1].lines.append(String(line))
            } else {
                blocks.append(([String(line)], isLiteral))
            }
            isOpen = true
        }
        return blocks
    }

    /// In bold.
    static func bold(_ text: String) -> String { "\\fB\(escapedInside(text))\\fR" }

    /// In italics: what stands for something else.
    static func italic(_ text: String) -> String { "\\fI\(escapedInside(text))\\fR" }

    private static func word(_ text: String) -> String { "\"\(escapedInside(text).replacing("\"", with: "\\(dq"))\"" }

    /// A line of text that is no request and in which every character stands for itself.
    private static func escaped(_ line: String) -> String {
        let inside = escapedInside(line)
        return inside.hasPrefix(".") || inside.hasPrefix("'") ? "\\&" + inside : inside
    }

    /// `-`, `'`, `` ` ``, `^` and `~` would become other characters on the way to a terminal.
    private static func escapedInside(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            default:
                // Everything beyond ASCII by its number, whatever encoding the reader's roff expects.
                for scalar in character.unicodeScalars {
                    let hexadecimal = String(scalar.value, radix: 16, uppercase: true)
                    let padding = String(repeating: "0", count: max(0, 4 - hexadecimal.count))
                    result += scalar.isASCII ? String(scalar) : "\\[u\(padding)\(hexadecimal)]"
                }
            }
        }
        return result
    }
}
