import Testing

@testable import Terminal

@Suite struct ProgressBarTests {
    private let terminal = TerminalFacts(isTerminal: true, width: 60, environment: ["TERM": "xterm"])

    @Test func nothingIsDrawnForHalfASecond() {
        var bar = ProgressBar(for: terminal)
        #expect(bar.update("seeding", done: 1, of: 4, elapsed: .milliseconds(499)) == nil)
        #expect(bar.erase() == nil)
        let drawn = bar.update("seeding", done: 2, of: 4, elapsed: .milliseconds(500))
        #expect(drawn?.hasPrefix("\rseeding  [") == true)
        #expect(drawn?.hasSuffix("]  50% of 4\u{1b}[K") == true)
    }

    @Test func itIsDrawnTenTimesASecondAtMost() {
        var bar = ProgressBar(for: terminal)
        let times = stride(from: 0, to: 2000, by: 7)
        let drawn = times.filter { bar.update("x", done: $0, of: 2000, elapsed: .milliseconds($0)) != nil }
        #expect((14...15).contains(drawn.count))
        #expect(zip(drawn, drawn.dropFirst()).allSatisfy { $1 - $0 >= 100 })
    }

    @Test func erasedOnce() {
        var bar = ProgressBar(for: terminal)
        _ = bar.update("x", done: 1, of: 2, elapsed: .seconds(1))
        #expect(bar.erase() == "\r\u{1b}[K")
        #expect(bar.erase() == nil)
        // What comes after it is drawn at once.
        #expect(bar.update("y", done: 1, of: 2, elapsed: .milliseconds(1001)) != nil)
    }

    @Test(arguments: [
        TerminalFacts(isTerminal: false, width: nil, environment: ["TERM": "xterm"]),
        TerminalFacts(isTerminal: true, width: 80, environment: ["TERM": "dumb"]),
    ])
    func nothingIsDrawnElsewhere(_ facts: TerminalFacts) {
        var bar = ProgressBar(for: facts)
        #expect(bar.update("x", done: 1, of: 2, elapsed: .seconds(9)) == nil)
        #expect(bar.erase() == nil)
    }

    @Test(arguments: [1, 5, 20, 30, 40, 60, 200]) func theLineFits(_ width: Int) {
        for done in [0, 1, 13_500, 26_999, 27_000] {
            let line = ProgressBar.line("checking out", done: done, of: 27_000, width: width)
            #expect(displayWidth(line) <= max(1, width - 1), "\(line)")
            #expect(!line.isEmpty)
        }
        let full = ProgressBar.line("checking out", done: 27_000, of: 27_000, width: 60)
        #expect(full == "checking out  [\(String(repeating: "=", count: 28))]  100% of 27000")
    }
}
