import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Seedings that do not come to their end.
@Suite struct KilledTests {
    /// The kinds of calls that a seeding is ended at.
    private static let kinds = ["linkat", "openat", "mkdir", "utimensat", "write", "copy_file_range"]

    /// `count` calls of each kind, spread over the whole run.
    private func spread(_ calls: [TracedSeeding.Call], _ kinds: [String], _ count: Int) throws -> [TracedSeeding.Call] {
        try kinds.enumerated().flatMap { index, kind in
            let own = calls.filter { $0.name == kind || $0.name == "\(kind)at" }
            try #require(own.count > count, "only \(own.count) of \(kind)")
            return (0..<count).map { turn in
                own[own.count * (2 * (index + turn * kinds.count) + 1) / (2 * kinds.count * count)]
            }
        }
    }

    private func donor(_ layout: Layout, _ directory: TemporaryDirectory) throws -> (TracedSeeding, TreeSnapshot) {
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.build(layout, ["--all-targets"])
        let before = try TreeSnapshot(workspace.path, excluding: [".git"])
        return (try TracedSeeding(workspace), before)
    }

    /// `kill -9` before one of its calls, of every kind and at any point between the first and the last.
    @Test(arguments: Layout.allCases) func aSeedingThatIsKilledLeavesAWorktreeThatBuildsRight(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let (seeding, before) = try donor(layout, directory)
        let calls = try seeding.calls()
        try #require(calls.count > 300)
        var compiled: Set<Int> = []
        for (number, call) in try spread(calls, Self.kinds, 2).enumerated() {
            let path = seeding.path("killed-\(number)")
            let (outcome, log) = try seeding.run("killed-\(number)", injecting: (.kill, at: call))
            #expect(outcome.status == 128 + SIGKILL, "\(call): \(outcome.errorText)")
            #expect(TracedSeeding.calls(log).last?.name == call.name, "\(call)")
            #expect(seeding.halfUnits(of: path, mayBeUnfinished: true) == [], "\(call)")
            let built = try seeding.check(path, layout)
            #expect(built.compiled.count > seeding.whole.expectedWork.count, "\(call): was it killed at all?")
            compiled.insert(built.compiled.count)
            #expect(
                try TreeSnapshot(seeding.workspace.path, excluding: [".git"]).differences(from: before) == [], "\(call)"
            )
        }
        #expect(compiled.count > 3, "the moments were not spread: \(compiled)")
        #expect(try seeding.workspace.build(layout, ["--all-targets"]).log.compiledNothing)
    }

    /// The system says that there is no room, at any point: the unit under way is taken away, the rest is left, and the
    /// user learns of it.
    @Test(arguments: Layout.allCases) func aSeedingWithoutRoomKeepsWholeUnitsAndSaysSo(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let (seeding, before) = try donor(layout, directory)
        let calls = try seeding.calls().filter { $0.name != "openat" || $0.line.contains("O_CREAT") }
        let points = try spread(calls, ["linkat", "openat", "mkdir", "write", "copy_file_range"], 1)
        var kept: Set<Int> = []
        for (number, call) in points.enumerated() {
            let path = seeding.path("full-\(number)")
            let (outcome, _) = try seeding.run("full-\(number)", injecting: (.error("ENOSPC"), at: call))
            #expect(outcome.status == 2, "\(call): \(outcome.errorText)")
            let answer = try JSONDecoder().decode(MadeWorktree.Answer.self, from: Data(outcome.output))
            #expect(answer.path == path.string)
            #expect(answer.seed.stopped?.contains("No space left on device") == true, "\(call)")
            #expect(outcome.errorText.contains("seeding stopped: "), "\(outcome.errorText)")
            #expect(answer.seed.unitsCold > seeding.whole.answer.seed.unitsCold)
            #expect(seeding.halfUnits(of: path, mayBeUnfinished: false) == [], "\(call)")
            let built = try seeding.check(path, layout)
            #expect(built.compiled.count > seeding.whole.expectedWork.count, "\(call)")
            kept.insert(answer.seed.unitsLinked + answer.seed.unitsCopied)
        }
        #expect(kept.count > 2, "the moments were not spread: \(kept)")
        #expect(try TreeSnapshot(seeding.workspace.path, excluding: [".git"]).differences(from: before) == [])
    }
}
