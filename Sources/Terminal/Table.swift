/// Rows of text under titles, with aligned columns.
public struct Table: Sendable {
    /// Which edge of its column a cell stands at.
    public enum Alignment: Sendable {
        case left, right
    }

    /// One column.
    public struct Column: Sendable {
        /// What stands above it.
        public let title: String
        /// Where its cells stand.
        public let alignment: Alignment

        /// Describes a column; numbers are best aligned to the right.
        public init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    /// One cell: text that may come from anywhere, and its style.
    public struct Cell: Sendable, ExpressibleByStringInterpolation {
        let text: String
        let style: Style

        /// A cell that shows `text`, escaped for the terminal.
        public init(_ text: String, _ style: Style = .plain) {
            self.text = escapedForTerminal(text)
            self.style = style
        }

        /// A plain cell.
        public init(stringLiteral value: String) { self.init(value) }
    }

    /// The columns, from the left.
    public let columns: [Column]
    /// The column whose cells are cut when a line would be wider than the terminal.
    public let shrinking: Int?
    /// Columns that are left out when cutting is not enough, those first that are missed least.
    public let dispensable: [Int]
    private var rows: [[Cell]] = []

    /// A table without rows. `shrinking` is the index of a column, or nil to let long lines wrap; so are `dispensable`,
    /// which only count together with it.
    public init(_ columns: [Column], shrinking: Int? = nil, dispensable: [Int] = []) {
        precondition(shrinking.map(columns.indices.contains) ?? true, "no such column to shrink")
        self.columns = columns
        self.shrinking = shrinking
        self.dispensable = dispensable
    }

    /// Adds a row with one cell for each column.
    public mutating func addRow(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "a row has one cell for each column")
        rows.append(cells)
    }

    /// The lines to print, titles first, no line ended by spaces. None when there are no rows.
    ///
    /// With `width`, which a terminal has and a pipe has not (`TerminalFacts.lineWidth`), the `shrinking` column is cut
    /// as far as it takes, down to a single `…`; the other columns are never cut. Before less than `legible` columns are
    /// left of it, `dispensable` columns are left out.
    public func lines(width: Int?, painter: Painter) -> [String] {
        guard !rows.isEmpty else { return [] }
        let all = [columns.map { Cell($0.title, .bold) }] + rows
        var widths = columns.indices.map { column in all.map { displayWidth($0[column].text) }.max() ?? 0 }
        var shown = Array(columns.indices)
        if let width, let shrinking {
            func room() -> Int {
                width - shown.filter { $0 != shrinking }.reduce(0) { $0 + widths[$1] } - gap.count * (shown.count - 1)
            }
            for column in dispensable where room() < min(widths[shrinking], legible) {
                shown.removeAll { $0 == column }
            }
            widths[shrinking] = max(1, min(widths[shrinking], room()))
        }
        return all.map { line($0, shown, widths, cutting: width == nil ? nil : shrinking, painter) }
    }

    private func line(
        _ cells: [Cell], _ shown: [Int], _ widths: [Int], cutting: Int?, _ painter: Painter
    ) -> String {
        var line = ""
        // Spaces are owed, and paid when something follows them.
        var owed = 0
        for index in shown {
            let cell = cells[index]
            let text = index == cutting ? truncated(cell.text, toWidth: widths[index]) : cell.text
            let spare = widths[index] - displayWidth(text)
            if index != shown.first { owed += gap.count }
            if columns[index].alignment == .right { owed += spare }
            if !text.isEmpty {
                line += String(repeating: " ", count: owed) + painter.paint(text, cell.style)
                owed = 0
            }
            // An empty cell's width is owed as well.
            if columns[index].alignment == .left { owed += spare }
        }
        return line
    }
}

private let gap = "  "
/// Less of a column says nothing any more.
private let legible = 12
