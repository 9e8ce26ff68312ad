import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Ctrl-C and a polite kill: everything is undone, and the status says so.
@Suite struct InterruptedTests {
    /// While git waits for a filter that would never end by itself. A terminal sends the signal to the whole group, a
    /// supervisor to `wt` alone.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP], [false, true])
    func whileGitIsAtWork(_ signal: Int32, toGroup: Bool) throws {
        let place = try MakingPlace(.git)
        let (reached, _) = try place.makeGate()
        for arguments in [["deep/new"], ["far"], ["topic"]] {
            let before = try place.snapshot()
            let wt = try place.start(["setsid"] + place.words(arguments), log: "wt.log")
            try #require(wt.runs { FileStatus.ifPresent(reached) != nil }, "\(wt.words)")
            wt.signal(signal, toGroup: toGroup)
            #expect(wt.wait() == 130)
            #expect(wt.words == "wt: interrupted; nothing was changed\n")
            let left = try place.snapshot().leftovers(since: before)
            #expect(left == [])
            try removeTree(reached)
        }
    }

    /// At calls spread over a native run: undone, or, at the very end, complete.
    @Test func whileFilesAreWritten() throws {
        let place = try MakingPlace(.native)
        let points = try place.points(10, ["deep/new"])
        let before = try place.snapshot()
        var undone = 0
        for (number, call) in points.enumerated() {
            let signal = number.isMultiple(of: 2) ? "SIGINT" : "SIGTERM"
            let (outcome, _) = try place.trace(["deep/new"], injecting: (signal, at: call))
            if outcome.status == 130 {
                undone += 1
                #expect(outcome.errorText.contains("wt: interrupted; nothing was changed"))
            } else {
                #expect(outcome.status == 0, "\(call.line): \(outcome.errorText)")
                try place.check()
                try place.takeAway(["deep/new"])
            }
            let left = try place.snapshot().leftovers(since: before)
            #expect(left == [], "\(call.line)")
        }
        #expect(undone > 3)
    }
}
