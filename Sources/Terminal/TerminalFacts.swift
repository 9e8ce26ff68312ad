/// What is known about one output stream. Found out by the caller (isatty(3), TIOCGWINSZ, the environment) and handed
/// in, so that everything here gives the same answer for the same facts.
public struct TerminalFacts: Sendable {
    /// True when the stream is a terminal.
    public var isTerminal: Bool
    /// The terminal's width in columns, nil when it could not be had.
    public var width: Int?
    /// The terminal's height in lines, nil when it could not be had.
    public var height: Int?
    /// The environment that colour conventions are looked up in.
    public var environment: [String: String]

    /// Facts about a stream.
    public init(
        isTerminal: Bool, width: Int? = nil, height: Int? = nil, environment: [String: String] = [:]
    ) {
        self.isTerminal = isTerminal
        self.width = width
        self.height = height
        self.environment = environment
    }

    /// The columns that a line may take, or nil when lines are not to be cut: what is piped into another program
    /// must be whole. A terminal that does not tell its width counts as `COLUMNS`, or else 80, as in git
    /// (`term_columns` in pager.c).
    public var lineWidth: Int? {
        guard isTerminal else { return nil }
        if let width, width > 0 { return width }
        if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
        return 80
    }
}
