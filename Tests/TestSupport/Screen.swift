/// What a terminal shows of the bytes that a program writes to it: as much of ECMA-48 as programs here may use. Anything
/// else is a failure.
public struct Screen {
    /// The lines, those that have left the screen upwards included; without spaces behind.
    public var lines: [String] {
        var all = (gone + rows).map { row in String(Self.written(row).map(\.character)) }
        while all.last?.isEmpty == true { all.removeLast() }
        return all
    }
    /// The same, with a mark `‹1;31›` where a style begins, that of its SGR parameters, and `‹›` where it ends.
    public var styledLines: [String] {
        var all = (gone + rows).map { row in
            var line = ""
            var style = ""
            for cell in Self.written(row) {
                if cell.style != style { line += "‹\(cell.style)›" }
                style = cell.style
                line.append(cell.character)
            }
            return style.isEmpty ? line : line + "‹›"
        }
        while all.last?.isEmpty == true { all.removeLast() }
        return all
    }
    /// The cursor's line in `lines`, and its column.
    public var cursor: (line: Int, column: Int) { (gone.count + row, column) }

    private let width: Int
    private let height: Int
    private var gone: [[Cell]] = []
    private var rows: [[Cell]]
    private var style = ""
    private var row = 0
    private var column = 0

    /// An empty screen. Characters that take two columns are not for it.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
        rows = Array(repeating: Array(repeating: Cell(), count: width), count: height)
    }

    private struct Cell: Equatable {
        var character: Character = " "
        var style = ""
    }

    /// Without the empty cells behind.
    private static func written(_ row: [Cell]) -> ArraySlice<Cell> {
        row[..<((row.lastIndex { $0 != Cell() } ?? -1) + 1)]
    }

    /// Shows `text`. A line feed leads to the beginning of the next line, as through a terminal's line discipline. Throws
    /// `TestFailure` for a sequence that is not known here.
    public mutating func write(_ text: String) throws {
        var rest = Substring(text.replacing("\r\n", with: "\n"))
        while let character = rest.popFirst() {
            switch character {
            case "\n":
                column = 0
                down()
            case "\r": column = 0
            case "\u{1b}": try escape(&rest)
            default: put(character)
            }
        }
    }

    private mutating func put(_ character: Character) {
        if column == width {
            column = 0
            down()
        }
        rows[row][column] = Cell(character: character, style: style)
        column += 1
    }

    private mutating func down() {
        row += 1
        guard row == height else { return }
        gone.append(rows.removeFirst())
        rows.append(Array(repeating: Cell(), count: width))
        row -= 1
    }

    private mutating func escape(_ rest: inout Substring) throws {
        guard rest.popFirst() == "[" else { throw TestFailure("not a control sequence: \(rest.prefix(10))") }
        let parameters = rest.prefix { $0.isNumber || $0 == ";" }
        rest = rest.dropFirst(parameters.count)
        switch (rest.popFirst(), parameters) {
        case ("m", let parameters): style = String(parameters)
        case ("A", let count): row = max(0, row - max(1, Int(count) ?? 1))
        case ("K", "2"): rows[row] = Array(repeating: Cell(), count: width)
        case ("K", ""): for place in column..<max(column, width) { rows[row][place] = Cell() }
        case ("J", ""):
            for place in column..<max(column, width) { rows[row][place] = Cell() }
            for line in (row + 1)..<max(row + 1, height) { rows[line] = Array(repeating: Cell(), count: width) }
        case (let final, let parameters):
            throw TestFailure("unknown: ESC [ \(parameters) \(final.map(String.init) ?? "")")
        }
    }
}
