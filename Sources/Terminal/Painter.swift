/// How a piece of text looks; members can be combined, as in `[.bold, .red]`. Colours are the terminal's own sixteen,
/// so that they follow the user's theme.
public struct Style: OptionSet, Hashable, Sendable {
    /// The members as bits.
    public let rawValue: UInt8

    /// A style from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Text as it is.
    public static let plain: Style = []
    /// Heavier text.
    public static let bold = Style(rawValue: 1)
    /// Fainter text.
    public static let dim = Style(rawValue: 2)
    /// For what failed or would be lost.
    public static let red = Style(rawValue: 4)
    /// For what is well.
    public static let green = Style(rawValue: 8)
    /// For what deserves a look.
    public static let yellow = Style(rawValue: 16)
    /// For names and paths.
    public static let cyan = Style(rawValue: 32)

    /// The parameters of ECMA-48's SGR sequence.
    var codes: String {
        let all: [(Style, String)] = [
            (.bold, "1"), (.dim, "2"), (.red, "31"), (.green, "32"), (.yellow, "33"), (.cyan, "36"),
        ]
        return all.filter { contains($0.0) }.map(\.1).joined(separator: ";")
    }
}

/// Puts styles on text, or leaves it as it is where colours are off.
public struct Painter: Sendable {
    /// Whether styles are written at all.
    public let isOn: Bool

    /// A painter that writes styles, or one that does not.
    public init(isOn: Bool) { self.isOn = isOn }

    /// The painter for a stream.
    public init(_ choice: ColorChoice, for facts: TerminalFacts) { isOn = choice.isOn(for: facts) }

    /// `text` in `style`. The text is written as it is: what others named goes through `escapedForTerminal` first.
    public func paint(_ text: String, _ style: Style) -> String {
        guard isOn, style != .plain, !text.isEmpty else { return text }
        return "\u{1b}[\(style.codes)m\(text)\u{1b}[m"
    }
}
