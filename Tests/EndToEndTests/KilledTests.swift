import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite struct KilledTests {
    /// Killed without a chance to clean up, at some point between the first file of the seeding and the last.
    @Test(arguments: Layout.allCases) func aSeedingThatIsKilledLeavesAWorktreeThatBuildsRight(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.build(layout, ["--all-targets"])
        try workspace.build(layout, ["--all-targets", "--release"])
        let whole = try MadeWorktree("whole", from: workspace)
        let seeded = files(below: whole.path.appending("target"))
        #expect(seeded > 100)
        let expected = try workspace.report()

        var interrupted = 0
        // A kill can come too late; that proves nothing, and the next attempt follows.
        for attempt in 1...40 where interrupted < 3 {
            let name = "attempt-\(attempt)"
            let path = directory.appending("repository.\(name)")
            let target = path.appending("target")
            let moment = [1, seeded / 4, seeded / 2][interrupted]
            // The lowest priority, so that this process is there in time.
            let run = try Background(
                ["nice", "-n", "19", productsDirectory.appending("wt").string, "new", name], in: workspace.path,
                environment: workspace.environment, log: directory.appending("\(name).log"))
            guard run.runs(until: { files(below: target) >= moment }) else {
                throw TestFailure("never seeded: \(run.words)")
            }
            let status = run.killAndWait()
            guard status == 128 + SIGKILL, files(below: target) < seeded else { continue }
            interrupted += 1
            #expect(try workspace.repository.git("worktree", "list", "--porcelain").contains("worktree \(path)\n"))
            #expect(try workspace.repository.git("status", "--porcelain", in: path) == "")
            for options in [["--all-targets"], ["--all-targets", "--release"]] {
                try workspace.build(layout, options, in: path)
                #expect(try workspace.build(layout, options, in: path).log.compiledNothing)
            }
            for profile in ["debug", "release"] {
                let report = try workspace.report(of: path, profile: profile)
                #expect(
                    report == expected.mapValues { $0.replacing(workspace.path.string, with: path.string) })
            }
        }
        #expect(interrupted == 3)
        #expect(try workspace.build(layout, ["--all-targets"]).log.compiledNothing)
    }
}
