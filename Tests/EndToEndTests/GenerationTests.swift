import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Worktrees that are seeded from seeded worktrees.
@Suite struct GenerationTests {
    @Test(arguments: Layout.allCases) func theThirdGenerationIsRightWithoutTheSecond(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.build(layout, ["--all-targets"])
        let first = try TreeSnapshot(workspace.path, excluding: [".git"])
        let second = try MadeWorktree("second", from: workspace)
        try workspace.build(layout, ["--all-targets"], in: second.path)
        let third = try MadeWorktree("third", ["--from", "second"], from: workspace)
        #expect(third.answer.seed.donors.first == second.path.string)
        #expect(third.coldByThemselves == second.coldByThemselves, "\(third.coldReasons)")

        let removal = try runWT(["rm", "second"], in: workspace.path, environment: workspace.environment)
        #expect(removal.status == 0, "\(removal.errorText)")
        #expect(FileStatus.ifPresent(second.path) == nil)
        let run = try workspace.build(layout, ["--all-targets"], in: third.path)
        #expect(run.log.compiled == third.expectedWork, "\(run.log.reasons)")
        #expect(try workspace.build(layout, ["--all-targets"], in: third.path).log.compiledNothing)
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: first) == [])

        let here = try workspace.report()
        let there = try workspace.report(of: third.path)
        #expect(there == here.mapValues { $0.replacing(workspace.path.string, with: third.path.string) })
        let test = try workspace.build(layout, ["--", "--nocapture"], subcommand: "test", in: third.path)
        #expect(test.output.contains("ran \(third.path)/"), "\(test.output)")
        // The program needs nothing of the first worktree: it does the same with that out of the way.
        let hidden = workspace.path.removingLastComponent().appending("hidden")
        #expect(rename(workspace.path.string, hidden.string) == 0)
        defer { rename(hidden.string, workspace.path.string) }
        #expect(try workspace.report(of: third.path) == there)
    }

    /// What the second generation never compiled is cold there, so nothing of the first's paths reaches the third.
    @Test(arguments: Layout.allCases) func aDonorThatWasSeededAndNeverBuiltPassesOnNoPaths(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.build(layout, ["--all-targets"])
        let second = try MadeWorktree("second", from: workspace)
        let third = try MadeWorktree("third", ["--from", second.path.string], from: workspace)
        #expect(third.answer.seed.unitsLinked == second.answer.seed.unitsLinked, "\(third.coldReasons)")
        let run = try workspace.build(layout, ["--all-targets"], in: third.path)
        #expect(run.log.compiled == second.expectedWork, "\(run.log.reasons)")
        let here = try workspace.report()
        #expect(
            try workspace.report(of: third.path)
                == here.mapValues { $0.replacing(workspace.path.string, with: third.path.string) })
    }

    /// A donor that was itself seeded, and that is gone before anything is built in the worktree seeded from it.
    @Test(arguments: Layout.allCases) func aDonorThatIsRemovedRightAfterIsNotMissed(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.build(layout, ["--all-targets"])
        let second = try MadeWorktree("second", from: workspace)
        // Builds what had to stay cold in it.
        try workspace.build(layout, ["--all-targets"], in: second.path)
        let third = try MadeWorktree("third", ["--from", "second"], from: workspace)
        try workspace.repository.git("worktree", "remove", "--force", second.path.string)
        #expect(FileStatus.ifPresent(second.path) == nil)
        let run = try workspace.build(layout, ["--all-targets"], in: third.path)
        #expect(run.log.compiled == third.expectedWork, "\(run.log.reasons)")
        #expect(run.log.compiledNames == ["baked", "app"])
        let report = try workspace.report(of: third.path)
        #expect(try workspace.build(layout, ["--all-targets"], in: third.path).log.compiledNothing)
        try removeTree(third.path.appending("target"))
        try workspace.build(layout, in: third.path)
        #expect(try workspace.report(of: third.path) == report)
    }
}
