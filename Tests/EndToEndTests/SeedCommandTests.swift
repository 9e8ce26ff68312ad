import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `wt seed` in worktrees that `wt` has not made: never stale code, never a change of the donor or of a source file.
/// `PresentWorktree.seed` looks at the latter two each time.
@Suite struct SeedCommandTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
    }

    // MARK: A worktree that was never built

    /// Its sources were written an instant ago.
    @Test(arguments: Layout.allCases) func aWorktreeMadeByGitCompilesExactlyWhatWasNamed(layout: Layout) throws {
        let cold = try workspace.build(layout, ["--all-targets"]).log.compiled
        let worktree = try PresentWorktree(workspace, layout)
        let answer = try worktree.seed()
        #expect(answer.seed.unitsLinked > 5 && answer.notes == [])
        // The second time there are profile directories to lock, and locks are made where cargo has not made any yet.
        try worktree.seed()
        let seeded = try TreeSnapshot(worktree.path)
        try worktree.seed()
        #expect(try TreeSnapshot(worktree.path).differences(from: seeded) == [])

        let log = try worktree.build()
        #expect(log.compiled == answer.expectedWork, "\(log.reasons)\n\(answer.coldReasons)")
        #expect(log.compiled.count < cold.count)
        #expect(try worktree.report() == worktree.reportOfColdBuild())
        let built = try TreeSnapshot(worktree.path)
        try worktree.seed()
        #expect(try TreeSnapshot(worktree.path).differences(from: built) == [])
        #expect(try workspace.build(layout, ["--all-targets"]).log.compiledNothing)
    }

    /// Nothing is committed, the mtimes are older than all that the donor has built.
    @Test(arguments: Layout.allCases) func whatDiffersIsCompiledHoweverOldItLooks(layout: Layout) throws {
        try workspace.build(layout, ["--all-targets"])
        let worktree = try PresentWorktree(workspace, layout)
        try worktree.edit("crates/shapes/src/lib.rs", "shapes of main", "edited")
        try worktree.edit("crates/generated/schema.txt", "schema one", "schema two")
        try workspace.repository.write("crates/generated/parts/c.txt", "part c", in: worktree.path)
        for name in ["parts/c.txt", "parts"] { try worktree.setAnHourOld("crates/generated/\(name)") }
        let answer = try worktree.seed()
        #expect(answer.seed.unitsLinked > 3)

        let log = try worktree.build()
        #expect(log.compiled == answer.expectedWork, "\(log.reasons)\n\(answer.coldReasons)")
        let report = try worktree.report()
        #expect(report["shapes"] == "edited")
        #expect(report["generated"] == "schema two, part a, part b, part c")
        #expect(try report == worktree.reportOfColdBuild())
    }

    /// A directory is watched, and something in it is gone.
    @Test(arguments: Layout.allCases) func whatIsGoneIsMissedHoweverOldTheDirectoryLooks(layout: Layout) throws {
        try workspace.build(layout, ["--all-targets"])
        let worktree = try PresentWorktree(workspace, layout)
        try removeTree(worktree.path.appending("crates/generated/parts/b.txt"))
        try worktree.setAnHourOld("crates/generated/parts")
        try worktree.seed()
        try worktree.build()
        #expect(try worktree.report()["generated"] == "schema one, part a")
    }

    /// The donor has the very same files, but has not built them yet. A directory that has lost one is all that tells.
    @Test(arguments: Layout.allCases) func whatTheDonorHasNotBuiltYetIsNotTaken(layout: Layout) throws {
        try workspace.build(layout, ["--all-targets"])
        let source = "crates/shapes/src/lib.rs"
        let text = String(decoding: try readFile(workspace.path.pushing(FilePath(source))), as: UTF8.self)
        try workspace.repository.write(source, text.replacing("shapes of main", with: "not built yet"))
        try removeTree(workspace.path.appending("crates/generated/parts/b.txt"))
        try workspace.repository.commit("not built")
        let worktree = try PresentWorktree(workspace, layout)
        try worktree.seed()
        try worktree.build()
        let report = try worktree.report()
        #expect(report["shapes"] == "not built yet")
        #expect(report["generated"] == "schema one, part a")
    }

    /// The donor has built a library anew and nothing upon it: the times of the two tell that there, and would not here.
    @Test(arguments: Layout.allCases) func whatStandsUponANewerUnitIsNotTaken(layout: Layout) throws {
        let place = try TemporaryDirectory()
        let package = try SmallWorkspace.package(
            [
                "src/lib.rs": "pub fn value() -> &'static str { \"one\" }\n",
                "src/main.rs": "fn main() { println!(\"value: {}\", app::value()); }\n",
            ], in: place)
        try package.build(layout)
        // Built an hour ago and edited half an hour ago, so that git's index can prove the edit to be what was committed.
        try backdate(package.path.appending("target"))
        try package.repository.write("src/lib.rs", "pub fn value() -> &'static str { \"two\" }\n")
        let edited = FileTime(seconds: FileTime.now().seconds - 1800, nanoseconds: 0)
        try setModificationTime(of: package.path.pushing("src/lib.rs"), to: edited)
        try package.repository.commit("two")
        try package.build(layout, ["--lib"])
        try package.repository.git("branch", "-D", "topic")
        let worktree = try PresentWorktree(package, layout)
        let answer = try worktree.seed()
        #expect(answer.seed.units.contains { $0.unit == "lib-app" && $0.action != "cold" })
        #expect(answer.seed.cold.map(\.reason) == ["out of date in the donor"], "\(answer.coldReasons)")
        try package.build(layout, in: worktree.path)
        #expect(try package.report(of: worktree.path)["value"] == "two")
    }

    /// After the seeding everything is as in any other worktree.
    @Test(arguments: Layout.allCases) func anEditAfterwardsIsCompiled(layout: Layout) throws {
        try workspace.build(layout, ["--all-targets"])
        let worktree = try PresentWorktree(workspace, layout)
        try worktree.seed()
        for (name, old, new) in [
            ("crates/shapes/src/lib.rs", "shapes of main", "edited"),
            ("crates/generated/schema.txt", "schema one", "schema two"),
        ] {
            let file = worktree.path.pushing(FilePath(name))
            let text = String(decoding: try readFile(file), as: UTF8.self)
            try text.replacing(old, with: new).write(toFile: file.string, atomically: false, encoding: .utf8)
        }
        try worktree.build()
        let report = try worktree.report()
        #expect(report["shapes"] == "edited")
        #expect(report["generated"] == "schema two, part a, part b")
        #expect(try workspace.build(layout, ["--all-targets"]).log.compiledNothing)
    }

    // MARK: A worktree that was built before

    @Test(arguments: Layout.allCases) func oneThatFellBehindGetsWhatItLacks(layout: Layout) throws {
        let worktree = try PresentWorktree(workspace, layout, at: "other-lib")
        try worktree.build()
        #expect(try worktree.report()["shapes"] == "shapes of other-lib")
        try workspace.build(layout, ["--all-targets"])
        try workspace.repository.git("reset", "--quiet", "--hard", "main", in: worktree.path)
        let answer = try worktree.seed()
        #expect(answer.unitsTaken > 0)
        let log = try worktree.build()
        #expect(log.compiled == answer.expectedWork, "\(log.reasons)\n\(answer.coldReasons)")
        let report = try worktree.report()
        #expect(report["shapes"] == "shapes of main")
        #expect(try report == worktree.reportOfColdBuild())
    }

    /// rustc refuses what was compiled against another build of a dependency (E0460).
    @Test(arguments: Layout.allCases, ["tiny-plain", "shapes", "macros", "generated"])
    func whatWasCleanedComesBackAndFits(layout: Layout, package: String) throws {
        try workspace.build(layout, ["--all-targets"])
        let worktree = try PresentWorktree(workspace, layout)
        try worktree.build()
        let before = try worktree.report()
        _ = try CargoRun(
            "clean", ["-p", package], in: worktree.path, layout: layout, environment: workspace.environment)
        let answer = try worktree.seed()
        let log = try worktree.build()
        #expect(Set(log.compiled).isSubset(of: answer.expectedWork), "\(log.reasons)\n\(answer.coldReasons)")
        #expect(try worktree.report() == before)
    }

    /// Only if no source file is made older than it is does every other target directory see that it has changed.
    @Test(arguments: Layout.allCases) func anotherTargetDirectoryStillSeesTheChange(layout: Layout) throws {
        let worktree = try PresentWorktree(workspace, layout, at: "other-lib")
        let elsewhere = directory.appending("elsewhere")
        let arguments = ["--target-dir", elsewhere.string]
        try worktree.build(arguments)
        #expect(try worktree.report(in: elsewhere)["shapes"] == "shapes of other-lib")
        try workspace.build(layout, ["--all-targets"])
        try workspace.repository.git("reset", "--quiet", "--hard", "main", in: worktree.path)
        let other = try TreeSnapshot(elsewhere)
        #expect(try worktree.seed().seed.unitsLinked > 5)
        #expect(try TreeSnapshot(elsewhere).differences(from: other) == [])
        try worktree.build(arguments)
        #expect(try worktree.report(in: elsewhere)["shapes"] == "shapes of main")
    }

    // MARK: Refusals and dry runs

    private func wt(_ arguments: String...) throws -> ChildProcess.Outcome {
        try runWT(arguments, in: workspace.path, environment: workspace.environment)
    }

    @Test func aRefusalChangesNothing() throws {
        try workspace.build()
        let worktree = try PresentWorktree(workspace, .legacy)
        try worktree.build()
        try workspace.repository.git("worktree", "add", "--quiet", "../gone", "other-lib")
        try removeTree(directory.appending("gone"))
        let before = try TreeSnapshot(directory.path)
        for words in [
            ["seed", "nowhere"], ["seed", directory.appending("gone").string], ["seed", "--from", "nowhere"],
        ] {
            let outcome = try runWT(words, in: worktree.path, environment: workspace.environment)
            #expect(outcome.status == 1 && outcome.text == "", "\(words): \(outcome.errorText)")
            #expect(outcome.errorText.hasPrefix("wt: "), "\(words): \(outcome.errorText)")
        }
        let itself = try wt("seed", "topic", "--from", "topic")
        #expect(itself.status == 64)
        #expect(itself.errorText.hasPrefix("wt: cannot seed \(worktree.path) from itself"), "\(itself.errorText)")

        let lock = open(worktree.target.appending("debug/.cargo-lock").string, O_RDWR | O_CLOEXEC)
        try #require(lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
        let building = try wt("seed", "topic")
        close(lock)
        #expect(building.status == 1 && building.text == "")
        #expect(
            building.errorText.hasPrefix("wt: cannot seed \(worktree.path): cargo is building in it"),
            "\(building.errorText)")
        #expect(try TreeSnapshot(directory.path).differences(from: before) == [])
        #expect(try wt("seed", "topic").status == 0)
    }

    @Test func aBareRepositoryHasNothingToSeed() throws {
        let bare = directory.appending("bare.git")
        try workspace.repository.git("clone", "--quiet", "--bare", workspace.path.string, bare.string)
        let outcome = try runWT(["seed"], in: bare, environment: workspace.environment)
        #expect(
            outcome.status == 1 && outcome.text == "" && outcome.errorText.hasPrefix("wt: "), "\(outcome.errorText)")
    }

    @Test func aDryRunWritesNothingAndCountsRight() throws {
        try workspace.build(.legacy, ["--all-targets"])
        let worktree = try PresentWorktree(workspace, .legacy)
        let before = try TreeSnapshot(directory.path)
        let words = try wt("seed", "topic", "--dry-run", "-v")
        let plan = try worktree.seed(["--dry-run"])
        #expect(try TreeSnapshot(directory.path).differences(from: before) == [])
        #expect(words.status == 0)
        #expect(
            words.text.contains("would seed from \(workspace.path): \(plan.seed.unitsLinked) units linked"),
            "\(words.text)")
        #expect(plan.dryRun && plan.version == 1 && plan.path == worktree.path.string)
        let done = try worktree.seed()
        #expect(!done.dryRun)
        #expect(done.seed.unitsLinked == plan.seed.unitsLinked && done.seed.unitsLinked > 5)
        #expect(done.seed.unitsCopied == plan.seed.unitsCopied && done.seed.unitsCopied > 5)
        #expect(done.expectedWork == plan.expectedWork)
    }

    /// A file of the build directory that no build script has made is nobody's, and can be another here.
    @Test func whatWasIncludedFromTheBuildDirectory() throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.package(
            [
                "build.rs": "fn main() { println!(\"cargo:rerun-if-changed=build.rs\"); }",
                "src/main.rs": """
                fn main() {
                    println!("value: {}", include_str!(concat!(env!("OUT_DIR"), "/../../../../plugin/text")));
                }
                """,
            ], in: directory)
        try workspace.repository.git("branch", "--delete", "topic")
        let worktree = try PresentWorktree(workspace, .legacy)
        for (root, text) in [(workspace.path, "donor"), (worktree.path, "mine")] {
            try makeDirectories(root.appending("target/plugin"))
            try text.write(toFile: root.appending("target/plugin/text").string, atomically: false, encoding: .utf8)
            try backdate(root.appending("target"))
        }
        try workspace.build()
        let answer = try worktree.seed()
        try workspace.build(in: worktree.path)
        #expect(try workspace.report(of: worktree.path)["value"] == "mine", "\(answer.coldReasons)")
    }
}
