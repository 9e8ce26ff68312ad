import TestSupport
import Testing

@testable import Terminal

/// What a terminal shows when lines are drawn again and again.
@Suite struct LiveLinesTests {
    /// A screen with something on it already.
    private func screen(width: Int = 20, height: Int = 8, before count: Int = 3) throws -> (Screen, [String]) {
        var screen = Screen(width: width, height: height)
        let before = (0..<count).map { "before \($0)" }
        try screen.write(before.map { $0 + "\n" }.joined())
        return (screen, before)
    }

    @Test(arguments: [0, 3, 7, 20]) func linesChangeInTheirPlace(_ before: Int) throws {
        var (screen, above) = try screen(before: before)
        var live = LiveLines()
        for lines in [["a …", "b …", "c"], ["a …", "b 1", "c"], ["a 1", "b 1", "c"], ["a 1", "", "c c"]] {
            let text = live.update(lines, width: 20, height: 8)
            try screen.write(text ?? "")
            #expect(screen.lines == above + lines)
            #expect(screen.cursor == (above.count + 3, 0))
        }
        #expect(live.update(["a 1", "", "c c"], width: 20, height: 8) == nil)
        #expect(live.finish(["a 1", "", "c c"], width: 20, height: 8) == "")
        try screen.write(live.finish(["the", "end"], width: 20, height: 8))
        #expect(screen.lines == above + ["the", "end"])
        #expect(screen.cursor == (above.count + 2, 0))
    }

    @Test func moreAndFewerLines() throws {
        var (screen, above) = try screen()
        var live = LiveLines()
        for count in [2, 5, 1, 7, 0, 3] {
            let lines = (0..<count).map { "line \($0) of \(count)" }
            try screen.write(live.update(lines, width: 20, height: 8) ?? "")
            #expect(screen.lines == above + lines, "\(count)")
        }
    }

    @Test func onlyLinesThatChangeAreWritten() {
        var live = LiveLines()
        _ = live.update(["one", "two", "three"], width: 20, height: 8)
        #expect(live.update(["one", "2", "three"], width: 20, height: 8) == "\u{1b}[3A\n\r\u{1b}[2K2\n\n")
    }

    @Test func whatDoesNotFitIsDrawnOnceAtTheEnd() throws {
        for lines in [(0..<8).map { "line \($0)" }, ["short", String(repeating: "x", count: 21)]] {
            var (screen, above) = try screen()
            var live = LiveLines()
            #expect(live.update(lines, width: 20, height: 8) == nil)
            let last = live.finish(lines, width: 20, height: 8)
            #expect(last == lines.map { $0 + "\n" }.joined())
            try screen.write(last)
            #expect(screen.lines.joined() == (above + lines).joined())
        }
        var live = LiveLines()
        // As wide as the terminal is not too wide, nor are sequences that take no place.
        #expect(
            live.update(["\u{1b}[1m" + String(repeating: "x", count: 20) + "\u{1b}[m"], width: 20, height: 8) != nil)
    }

    @Test func theLastLinesReplaceThoseThatFitted() throws {
        var (screen, above) = try screen()
        var live = LiveLines()
        try screen.write(live.update(["a", "b", "c"], width: 20, height: 8) ?? "")
        let last = (0..<12).map { "line \($0)" }
        #expect(live.update(last, width: 20, height: 8) == nil)
        try screen.write(live.finish(last, width: 20, height: 8))
        #expect(screen.lines == above + last)
    }

    @Test func aTerminalThatBecameNarrower() throws {
        // The terminal has wrapped what was drawn: two lines are three now.
        var live = LiveLines()
        _ = live.update(["0123456789abcde", "short"], width: 20, height: 8)
        var (screen, above) = try screen(width: 10)
        try screen.write("0123456789abcde\nshort\n")
        try screen.write(live.update(["0123", "short"], width: 10, height: 8) ?? "")
        #expect(screen.lines == above + ["0123", "short"])
        try screen.write(live.finish(["0123", "long"], width: 12, height: 8))
        #expect(screen.lines == above + ["0123", "long"])
    }

    @Test func whereLinesCanBeDrawnAgain() {
        func isPossible(_ isTerminal: Bool, _ height: Int?, _ term: String?) -> Bool {
            LiveLines.arePossible(
                for: TerminalFacts(
                    isTerminal: isTerminal, width: 80, height: height,
                    environment: term.map { ["TERM": $0] } ?? [:]))
        }
        #expect(isPossible(true, 24, "xterm"))
        #expect(!isPossible(false, 24, "xterm"))
        #expect(!isPossible(true, nil, "xterm"))
        #expect(!isPossible(true, 24, "dumb"))
        #expect(!isPossible(true, 24, nil))
        #expect(!isPossible(true, 24, ""))
    }
}
