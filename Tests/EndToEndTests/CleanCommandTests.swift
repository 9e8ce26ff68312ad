import CargoCache
import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `wt clean` on what the real cargo has built.
@Suite struct CleanCommandTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
    }

    /// The fields of `wt clean --json` that are looked at here.
    private struct Answer: Decodable {
        struct Worktree: Decodable {
            struct Directory: Decodable {
                struct Unit: Decodable {
                    let package: String
                    let unit: String
                    let reason: String
                }
                let path: String
                let bytesFreed: Int64
                let kept: [String]
                let units: [Unit]
            }
            struct Left: Decodable {
                let path: String
                let reason: String
            }
            let path: String
            let directories: [Directory]
            let left: [Left]
        }
        let version: Int
        let dryRun: Bool
        let bytesFreed: Int64
        let bytesShared: Int64
        let worktrees: [Worktree]
        let failures: [String]
    }

    private func clean(_ arguments: String..., in place: FilePath? = nil) throws -> Answer {
        let outcome = try runWT(
            ["clean", "--json"] + arguments, in: place ?? workspace.path, environment: workspace.environment)
        guard outcome.status == 0 else { throw TestFailure("wt clean: status \(outcome.status)\n\(outcome.errorText)") }
        return try JSONDecoder().decode(Answer.self, from: Data(outcome.output))
    }

    @Test(arguments: TestSupport.Layout.allCases)
    func allThatCargoBuiltGoesAndTheOtherWorktreeStaysWarm(layout: TestSupport.Layout) throws {
        try workspace.build(layout, ["--all-targets"])
        let made = try MadeWorktree("topic", from: workspace)
        for arguments in [["build", "--all-targets"], ["build", "--release"], ["check"], ["test"]] {
            try workspace.build(layout, Array(arguments.dropFirst()), subcommand: arguments[0], in: made.path)
        }
        _ = try CargoRun(
            "doc", ["--no-deps"], in: made.path, layout: layout, environment: workspace.environment)
        let here = try TreeSnapshot(workspace.path, excluding: [".git"])
        let target = made.path.appending("target")
        let took = try diskUsage(of: [target])

        let planned = try clean("topic", "--dry-run")
        #expect(planned.dryRun && planned.version == 1)
        let unchanged = try diskUsage(of: [target])
        #expect(unchanged == took)
        let answer = try clean("topic", "--yes", "--wait")
        #expect(!answer.dryRun && answer.failures == [])
        #expect(answer.bytesFreed == planned.bytesFreed && answer.bytesShared == planned.bytesShared)
        let directories = answer.worktrees.flatMap(\.directories)
        #expect(directories.map(\.path) == [target.string] && directories[0].kept == [])
        // Tags and directories around are not counted.
        #expect(answer.bytesFreed <= took.exclusive && answer.bytesFreed > took.exclusive - 100_000)
        #expect(answer.bytesShared == took.shared && took.shared > 0)
        #expect(FileStatus.ifPresent(target) == nil)
        #expect(FileStatus.ifPresent(workspace.path.appending(".git/wt-trash")) == nil)
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: here) == [])
        #expect(try workspace.build(layout, ["--all-targets"]).log.compiledNothing)
        #expect(try workspace.build(layout, ["--all-targets"], in: made.path).log.rustc.count > 10)
        #expect(try workspace.build(layout, ["--all-targets"], in: made.path).log.compiledNothing)
    }

    @Test(arguments: TestSupport.Layout.allCases)
    func staleUnitsGoAndTheNextBuildCompilesNothing(layout: TestSupport.Layout) throws {
        let old = ["RUSTFLAGS": "--cfg old"]
        try workspace.build(layout, settings: old)
        try workspace.build(layout)
        let planned = try clean("--stale", "--dry-run")
        let answer = try clean("--stale", "--yes")
        let units = answer.worktrees[0].directories[0].units
        #expect(units.count > 10 && units.allSatisfy { !$0.reason.isEmpty })
        #expect(answer.bytesFreed == planned.bytesFreed && answer.bytesFreed > 1_000_000)
        let run = try workspace.build(layout)
        #expect(run.log.compiledNothing, "\(run.errors)")
        #expect(try clean("--stale", "--yes").worktrees[0].directories.isEmpty)
    }

    /// A build that has opened the lock and waits for it goes on behind the same lock, in an empty build directory.
    @Test(arguments: TestSupport.Layout.allCases)
    func aBuildThatWaitsBuildsBehindALockThatOthersFind(layout: TestSupport.Layout) throws {
        try workspace.build(layout)
        let target = workspace.path.appending("target")
        let contents = try #require(BuildContents(of: target))
        var locks = try #require(contents.lock())
        // Which of them a cargo waits for first depends on its version.
        func inodes() -> [String: UInt64] {
            var found: [String: UInt64] = [:]
            for name in [".cargo-lock", ".cargo-build-lock"] {
                found[name] = FileStatus.ifPresent(target.appending("debug").appending(name))?.inode
            }
            return found
        }
        let before = inodes()
        let build = try Background(
            ["cargo"] + layout.cargoOptions + ["build", "--offline", "--workspace"], in: workspace.path,
            environment: workspace.environment.merging(layout.settings) { $1 }, log: directory.appending("log"))
        #expect(build.runs { build.words.contains("Blocking waiting for file lock") }, "\(build.words)")
        for path in contents.made { try removeTree(target.appending(path.components)) }
        contents.removeEmptyFrames(locks)
        let waitedFor = inodes()
        #expect(!waitedFor.isEmpty && waitedFor.allSatisfy { before[$0.key] == $0.value })
        #expect(build.isRunning)
        locks = []
        #expect(build.wait() == 0, "\(build.words)")
        let after = inodes()
        #expect(waitedFor.allSatisfy { after[$0.key] == $0.value })
        #expect(try workspace.build(layout).log.compiledNothing)
        // With nobody at the door the locks go, too.
        _ = try clean("--yes")
        #expect(FileStatus.ifPresent(target) == nil)
    }

    @Test func whatIsLeftShowsInTheStatus() throws {
        try workspace.build()
        let made = try MadeWorktree("topic", from: workspace)
        try workspace.build(in: made.path)
        func wt(_ arguments: String...) throws -> ChildProcess.Outcome {
            try runWT(["clean", "--yes"] + arguments, in: workspace.path, environment: workspace.environment)
        }
        let lock = try FileDescriptor.open(
            made.path.appending("target/debug/.cargo-lock"), .readWrite, options: .closeOnExec)
        #expect(flock(lock.rawValue, LOCK_EX) == 0)
        let busy = try wt("topic")
        #expect(busy.status == 1 && busy.text == "")
        #expect(
            busy.errorText.contains("left \(made.path)/target: cargo is building in it"), "\(busy.errorText)")
        let partly = try wt("topic", "^")
        #expect(partly.status == 2, "\(partly.errorText)")
        #expect(FileStatus.ifPresent(workspace.path.appending("target")) == nil)
        try lock.close()
        try workspace.repository.git("commit", "--quiet", "--allow-empty", "-m", "work", in: made.path)
        try workspace.repository.git("merge", "--quiet", "topic")
        #expect(try wt("--merged").status == 0)
        #expect(FileStatus.ifPresent(made.path.appending("target")) == nil)
        #expect(try wt("topic").status == 0)
        #expect(try wt("topic", "--all-but", "^").status == 64)
        #expect(try wt("--older-than", "soon").status == 64)
        #expect(try wt("nowhere").status == 1)
    }

    @Test func itAsksOnceAndOnlyOnATerminal() throws {
        try workspace.build()
        let before = try TreeSnapshot(directory.path)
        let refused = try runWT(["clean"], in: workspace.path, environment: workspace.environment)
        #expect(refused.status == 1 && refused.text == "")
        #expect(refused.errorText.contains("hint: --yes"), "\(refused.errorText)")
        let dry = try runWT(["clean", "--dry-run"], in: workspace.path, environment: workspace.environment)
        #expect(dry.status == 0 && dry.text.hasPrefix("would clean \(workspace.path)/target: would free "))
        #expect(try TreeSnapshot(directory.path).differences(from: before) == [])
        func answer(_ text: String) throws -> ChildProcess.Outcome {
            try ChildProcess(
                "sh",
                [
                    "-c", #"printf "$1" | script -qec "$2 clean" /dev/null"#, "sh", text,
                    productsDirectory.appending("wt").string,
                ], in: workspace.path, environment: workspace.environment
            ).run()
        }
        for no in ["n\\n", "\\n", "yep\\n"] {
            let outcome = try answer(no)
            #expect(outcome.status == 1 && outcome.text.contains("[y/N]"), "\(outcome.text)")
            #expect(try TreeSnapshot(directory.path).differences(from: before) == [])
        }
        let outcome = try answer("y\\n")
        #expect(outcome.status == 0, "\(outcome.text)")
        #expect(FileStatus.ifPresent(workspace.path.appending("target")) == nil)
        #expect(try workspace.build().log.rustc.count > 10)
    }
}
