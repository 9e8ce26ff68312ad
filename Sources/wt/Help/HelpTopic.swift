import Terminal

/// A text of `wt help`, and a section of the manual.
struct HelpTopic {
    /// A word, as it is typed.
    let name: String
    /// What it is about, for the list of topics.
    let title: String
    /// Paragraphs, with an empty line between two. A line is as long as its sentence; one with blanks in front, or with
    /// columns, is folded under itself, and stands in the manual as it is.
    let text: String

    /// All that there are, in the order in which they are listed.
    static let all = [names, settings, files, hooks, agents, output, exitCodes, safety]

    /// A line for each topic.
    static var summary: String { columns(all.map { ($0.name, $0.title) }) }

    /// Two columns, the first as wide as it has to be.
    static func columns(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "  \($0 + String(repeating: " ", count: width - $0.count))  \($1)" }.joined(separator: "\n")
    }

    /// The text for a screen of 80 columns.
    var rendered: String { folded(text, to: 80) }
}
