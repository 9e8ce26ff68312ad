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
        /// Whether a cell that is cut loses its beginning: that of a path is what all of them have in common.
        public let keepsEnd: Bool

        /// Describes a column; numbers are best aligned to the right.
        public init(_ title: String, _ alignment: Alignment = .left, keepsEnd: Bool = false) {
            self.title = title
            self.alignment = alignment
            self.keepsEnd = keepsEnd
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
    /// The columns whose cells are cut when a line would be wider than the terminal, those first that are missed least.
    public let shrinking: [Int]
    /// Columns that are left out when cutting is not enough, those first that are missed least.
    public let dispensable: [Int]
    private var rows: [[Cell]] = []

    /// A table without rows. `shrinking` are indices of columns, none to let long lines wrap; so are `dispensable`, which
    /// only count together with them.
    public init(_ columns: [Column], shrinking: [Int] = [], dispensable: [Int] = []) {
        precondition(shrinking.allSatisfy(columns.indices.contains), "no such column to shrink")
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
    /// With `width`, which a terminal has and a pipe has not (`TerminalFacts.lineWidth`), the first `shrinking` column is
    /// cut until only `legible` columns are left of it. Then `dispensable` columns are left out, then the other shrinking
    /// ones are cut as well, and at last each of them down to a single `…`. Other columns are never cut.
    public func lines(width: Int?, painter: Painter) -> [String] {
        guard !rows.isEmpty else { return [] }
        let all = [columns.map { Cell($0.title, .bold) }] + rows
        var widths = columns.indices.map { column in all.map { displayWidth($0[column].text) }.max() ?? 0 }
        var shown = Array(columns.indices)
        if let width, let first = shrinking.first {
            func excess() -> Int { shown.reduce(0) { $0 + widths[$1] } + gap.count * (shown.count - 1) - width }
            for column in dispensable where excess() > widths[first] - min(widths[first], legible) {
                shown.removeAll { $0 == column }
            }
            for least in [legible, 1] {
                for column in shrinking {
                    widths[column] = max(min(widths[column], least), min(widths[column], widths[column] - excess()))
                }
            }
        }
        return all.indices.map {
            line(all[$0], isTitle: $0 == 0, shown, widths, cutting: width == nil ? [] : shrinking, painter)
        }
    }

    private func line(
        _ cells: [Cell], isTitle: Bool, _ shown: [Int], _ widths: [Int], cutting: [Int], _ painter: Painter
    ) -> String {
        var line = ""
        // Spaces are owed, and paid when something follows them.
        var owed = 0
        for index in shown {
            let cell = cells[index]
            var text = cell.text
            if cutting.contains(index) {
                text = truncated(text, toWidth: widths[index], keepingEnd: columns[index].keepsEnd && !isTitle)
            }
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
