import Terminal
import Testing

struct ColorChoiceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let isTerminal: Bool
        let environment: [String: String]
        let isOn: Bool
        var testDescription: String { "terminal \(isTerminal), \(environment.sorted { $0.key < $1.key }): \(isOn)" }
    }

    @Test(arguments: [
        Case(isTerminal: true, environment: ["TERM": "xterm"], isOn: true),
        Case(isTerminal: false, environment: ["TERM": "xterm"], isOn: false),
        Case(isTerminal: true, environment: ["TERM": "dumb"], isOn: false),
        Case(isTerminal: true, environment: [:], isOn: false),
        Case(isTerminal: true, environment: ["TERM": "xterm", "NO_COLOR": "1"], isOn: false),
        // An empty NO_COLOR does not count, by its definition.
        Case(isTerminal: true, environment: ["TERM": "xterm", "NO_COLOR": ""], isOn: true),
        Case(isTerminal: false, environment: ["CLICOLOR_FORCE": "1"], isOn: true),
        Case(isTerminal: false, environment: ["CLICOLOR_FORCE": "1", "TERM": "dumb"], isOn: true),
        Case(isTerminal: false, environment: ["CLICOLOR_FORCE": "0"], isOn: false),
        Case(isTerminal: false, environment: ["CLICOLOR_FORCE": ""], isOn: false),
        Case(isTerminal: true, environment: ["TERM": "xterm", "CLICOLOR": "0"], isOn: false),
        Case(isTerminal: true, environment: ["TERM": "xterm", "CLICOLOR": "1"], isOn: true),
        Case(isTerminal: false, environment: ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], isOn: false),
    ])
    func auto(_ example: Case) {
        let facts = TerminalFacts(isTerminal: example.isTerminal, environment: example.environment)
        #expect(ColorChoice.auto.isOn(for: facts) == example.isOn)
    }

    @Test func theUsersWordOutranksTheEnvironment() {
        let discouraging = TerminalFacts(isTerminal: false, environment: ["NO_COLOR": "1", "TERM": "dumb"])
        #expect(ColorChoice.always.isOn(for: discouraging))
        let encouraging = TerminalFacts(isTerminal: true, environment: ["CLICOLOR_FORCE": "1", "TERM": "xterm"])
        #expect(!ColorChoice.never.isOn(for: encouraging))
    }

    @Test func valuesOfTheOption() {
        #expect(ColorChoice.allCases.map(\.rawValue) == ["auto", "always", "never"])
    }

    @Test func stylesAreSequencesOnlyWhenOn() {
        let on = Painter(isOn: true)
        #expect(on.paint("x", [.bold, .red]) == "\u{1b}[1;31mx\u{1b}[m")
        #expect(on.paint("x", .dim) == "\u{1b}[2mx\u{1b}[m")
        #expect(on.paint("x", .plain) == "x")
        #expect(on.paint("", .green) == "")
        #expect(Painter(isOn: false).paint("x", [.bold, .red]) == "x")
        #expect(Painter(.auto, for: TerminalFacts(isTerminal: false)).paint("x", .cyan) == "x")
    }

    @Test func lineWidth() {
        #expect(TerminalFacts(isTerminal: true, width: 33, environment: ["COLUMNS": "50"]).lineWidth == 33)
        #expect(TerminalFacts(isTerminal: true, environment: ["COLUMNS": "50"]).lineWidth == 50)
        #expect(TerminalFacts(isTerminal: true, width: 0, environment: ["COLUMNS": "wide"]).lineWidth == 80)
        #expect(TerminalFacts(isTerminal: false, width: 33, environment: ["COLUMNS": "50"]).lineWidth == nil)
    }
}
