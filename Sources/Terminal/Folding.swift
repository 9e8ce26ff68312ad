/// Folds lines that are longer than `width`, between words. What continues a line stands below its first letter, or below
/// its last column where two blanks or more separate columns. A word that is longer than a line stays whole.
public func folded(_ text: String, to width: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { fold($0, width) }.joined(separator: "\n")
}

private func fold(_ line: Substring, _ width: Int) -> String {
    guard line.count > width else { return String(line) }
    let indent = hangingIndent(of: line)
    var lines: [String] = []
    var current = String(line.prefix(indent))
    var isEmpty = true
    for word in line.dropFirst(indent).split(separator: " ") {
        if !isEmpty, current.count + 1 + word.count > width {
            lines.append(current)
            current = String(repeating: " ", count: indent)
            isEmpty = true
        }
        current += (isEmpty ? "" : " ") + word
        isEmpty = false
    }
    return (lines + [current]).joined(separator: "\n")
}

/// Where the last column of a line begins: behind the last run of two blanks or more, the one in front included.
private func hangingIndent(of line: Substring) -> Int {
    var (indent, blanks) = (0, 0)
    for (position, character) in line.enumerated() {
        if character == " " {
            blanks += 1
        } else {
            if blanks >= 2 { indent = position }
            blanks = 0
        }
    }
    return indent
}
