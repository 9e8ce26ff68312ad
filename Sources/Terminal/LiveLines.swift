/// Lines on a terminal that are drawn again in their place as they change. Between two drawings the cursor stands at the
/// beginning of the line below them, so that whatever ends the program leaves the terminal in order.
public struct LiveLines: Sendable {
    private var drawn: [String] = []
    private var width = 0

    /// Nothing is drawn yet.
    public init() {}

    /// Whether lines can be drawn again on the stream that `facts` describe: a terminal of known size that understands
    /// the sequences.
    public static func arePossible(for facts: TerminalFacts) -> Bool {
        let term = facts.environment["TERM"] ?? ""
        return facts.isTerminal && facts.width != nil && facts.height != nil && !term.isEmpty && term != "dumb"
    }

    /// What to write so that `lines` stand in the place of those before, in a terminal of this size now; nil when they are
    /// the same, or do not fit: a line that has left the screen, or that takes two, cannot be drawn again.
    public mutating func update(_ lines: [String], width: Int, height: Int) -> String? {
        guard lines != drawn || width != self.width, lines.count < height,
            lines.allSatisfy({ displayWidth(ofPainted: $0) <= width })
        else { return nil }
        return draw(lines, width: width, height: height)
    }

    /// What to write so that `lines` stand there for good, whether they fit or not; empty when they do already.
    public mutating func finish(_ lines: [String], width: Int, height: Int) -> String {
        lines == drawn && width == self.width ? "" : draw(lines, width: width, height: height)
    }

    private mutating func draw(_ lines: [String], width: Int, height: Int) -> String {
        defer {
            drawn = lines
            self.width = width
        }
        let isSameShape = width == self.width && drawn.count == lines.count
        guard isSameShape else {
            // A terminal that was made narrower has wrapped the lines. What has left the screen stays.
            let taken = drawn.reduce(0) { $0 + max(1, (displayWidth(ofPainted: $1) + width - 1) / max(1, width)) }
            return up(min(taken, height - 1)) + (drawn.isEmpty ? "" : "\r" + eraseBelow)
                + lines.map { $0 + "\n" }.joined()
        }
        return up(lines.count)
            + zip(lines, drawn).map { line, before in line == before ? "\n" : "\r\(eraseLine)\(line)\n" }.joined()
    }

    /// Cursor up (CUU, ECMA-48); it takes 0 for 1.
    private func up(_ count: Int) -> String { count > 0 ? "\u{1b}[\(count)A" : "" }
}

/// How many columns a line takes that a `Painter` has painted.
func displayWidth(ofPainted text: String) -> Int {
    guard text.utf8.contains(0x1b) else { return displayWidth(text) }
    var plain = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "\u{1b}") {
        plain += rest[..<start]
        rest = rest[start...].drop { $0 != "m" }.dropFirst()
    }
    return displayWidth(plain + rest)
}

/// Erase in line, all of it (EL, ECMA-48).
private let eraseLine = "\u{1b}[2K"
/// Erase in page, from the cursor to the end (ED, ECMA-48).
private let eraseBelow = "\u{1b}[J"
