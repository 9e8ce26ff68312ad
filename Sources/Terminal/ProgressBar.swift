/// One line on a terminal that says how far something is, drawn over itself, and gone at the end. Nothing is drawn for
/// what takes less than half a second, nor on anything that is no terminal: a log has no use for it.
public struct ProgressBar: Sendable {
    /// What takes longer gets a line.
    public static let patience = Duration.milliseconds(500)
    /// The line changes no more often than this.
    public static let interval = Duration.milliseconds(100)

    private let width: Int?
    private var lastDrawn: Duration?

    /// A bar for the stream that `facts` describe.
    public init(for facts: TerminalFacts) {
        // A terminal that cannot go back in its line would show every state of it.
        width = facts.environment["TERM"] == "dumb" ? nil : facts.lineWidth
    }

    /// What to write at the time `elapsed` after the start; nil for nothing. Where nobody has counted how much there is,
    /// `total` is nil, and the line only tells how much is done.
    public mutating func update(_ label: String, done: Int, of total: Int?, elapsed: Duration) -> String? {
        guard let width, total != 0, elapsed >= Self.patience else { return nil }
        if let lastDrawn, elapsed < lastDrawn + Self.interval { return nil }
        lastDrawn = elapsed
        let line =
            total.map { Self.line(label, done: min(done, $0), of: $0, width: width) }
            ?? truncated("\(label)  \(done)", toWidth: max(1, width - 1))
        return "\r" + line + eraseToEnd
    }

    /// What to write before anything else is written to the same terminal: it takes the line away. Nil when there is
    /// none.
    public mutating func erase() -> String? {
        guard lastDrawn != nil else { return nil }
        lastDrawn = nil
        return "\r" + eraseToEnd
    }

    /// For example `checking out  [========            ]  40% of 27000`, no wider than `width` less one, since a cursor
    /// behind the last column may wrap.
    static func line(_ label: String, done: Int, of total: Int, width: Int) -> String {
        let share = "\(done * 100 / total)% of \(total)"
        let room = min(40, width - 1 - displayWidth(label) - share.count - 6)
        guard room >= 4 else { return truncated("\(label)  \(share)", toWidth: max(1, width - 1)) }
        let filled = done * room / total
        let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: room - filled)
        return "\(label)  [\(bar)]  \(share)"
    }
}

/// Erase in line (EL, ECMA-48).
private let eraseToEnd = "\u{1b}[K"
