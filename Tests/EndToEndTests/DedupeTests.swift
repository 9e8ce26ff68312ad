import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `wt dedupe` on what the real cargo has built.
@Suite struct DedupeTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace
    let copy: FilePath

    /// A second worktree whose build directory is a copy of the first one's, as `cp -a` makes it, and up to date.
    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
        copy = directory.appending("copy")
    }

    private func makeCopy(_ layout: TestSupport.Layout) throws {
        try workspace.build(layout, ["--all-targets"])
        try workspace.repository.branch("copied")
        try workspace.repository.addWorktree("copy", branch: "copied")
        try sh("cp -a '\(workspace.path)/target' '\(copy)/target'")
        // What contains the worktree's path is compiled anew, the rest is fresh: sources have their mtimes, too.
        try sh("cd '\(workspace.path)' && git ls-files -z | xargs -0 cp --parents -a -t '\(copy)'")
        try sh(
            "cd '\(workspace.path)' && find crates patched -type d | while read d; do touch -r $d '\(copy)'/$d; done")
        try workspace.build(layout, ["--all-targets"], in: copy)
    }

    private func sh(_ script: String) throws {
        let outcome = try ChildProcess("sh", ["-ec", script], environment: workspace.environment).run()
        guard outcome.status == 0 else { throw TestFailure("\(script): \(outcome.errorText)") }
    }

    /// The fields of `wt dedupe --json` that are looked at here.
    private struct Answer: Decodable {
        struct Directory: Decodable {
            let worktree: String
            let path: String
            let files: Int
            let busy: [String]
        }
        let version: Int
        let dryRun: Bool
        let bytesFreed: Int64
        let changed: Int
        let directories: [Directory]
        let failures: [String]
    }

    private func dedupe(_ arguments: String..., status: Int32 = 0) throws -> Answer {
        let outcome = try runWT(
            ["dedupe", "--json"] + arguments, in: workspace.path, environment: workspace.environment)
        guard outcome.status == status else {
            throw TestFailure("wt dedupe: status \(outcome.status)\n\(outcome.errorText)")
        }
        return try JSONDecoder().decode(Answer.self, from: Data(outcome.output))
    }

    private func withoutInodes(_ root: FilePath) throws -> [String: TreeSnapshot.Entry] {
        try TreeSnapshot(root, excluding: [".git"]).entries.mapValues(\.withoutInode)
    }

    /// What both together take on disk.
    private var total: Int64 {
        get throws { try diskUsage(of: [workspace.path.appending("target"), copy.appending("target")]).total }
    }

    @Test(arguments: TestSupport.Layout.allCases)
    func aCopySharesWhatIsNeverRewrittenAndBothStayFresh(layout: TestSupport.Layout) throws {
        try makeCopy(layout)
        let before = try (withoutInodes(workspace.path), withoutInodes(copy))
        let took = try total
        let planned = try dedupe("--dry-run")
        #expect(try total == took)
        let answer = try dedupe()
        #expect(answer.version == 1 && !answer.dryRun && answer.failures == [] && answer.changed == 0)
        #expect(answer.directories.map(\.files).reduce(0, +) > 10)
        #expect(answer.bytesFreed == planned.bytesFreed && answer.bytesFreed > 500_000)
        #expect(try total == took - answer.bytesFreed)
        #expect(try withoutInodes(workspace.path) == before.0)
        #expect(try withoutInodes(copy) == before.1)
        // Programs, fingerprints and all that is rewritten in place still are two files.
        for (name, entry) in try TreeSnapshot(copy.appending("target")).entries where entry.kind == .file {
            let theirs = FileStatus.ifPresent(workspace.path.appending("target").pushing(FilePath(name)))
            guard theirs?.inode == entry.inode else { continue }
            let file = FilePath(name)
            let isScript = layout == .legacy && name.contains("/build/") && name.contains("build")
            #expect(["rlib", "rmeta", "so"].contains(file.extension) || isScript, "\(name)")
        }
        for place in [workspace.path, copy] {
            let run = try workspace.build(layout, ["--all-targets"], in: place)
            #expect(run.log.compiledNothing, "\(run.errors)")
        }
        #expect(try dedupe().bytesFreed == 0)

        let here = try TreeSnapshot(workspace.path, excluding: [".git"])
        let worker = Workplace(workspace, layout, at: copy)
        try worker.editAndBuild()
        try worker.check()
        try worker.rerunBuildScripts()
        try worker.cleanPackagesAndBuild()
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: here) == [])
        #expect(try workspace.build(layout, ["--all-targets"]).log.compiledNothing)
    }

    /// Independent builds have other mtimes, which decide what is fresh: nothing is shared.
    @Test func independentBuildsStayAsTheyAre() throws {
        try workspace.build(.legacy, ["--all-targets"])
        try workspace.repository.branch("copied")
        try workspace.repository.addWorktree("copy", branch: "copied")
        try workspace.build(.legacy, ["--all-targets"], in: copy)
        let before = try (TreeSnapshot(workspace.path), TreeSnapshot(copy))
        let answer = try dedupe()
        #expect(answer.bytesFreed == 0 && answer.directories.count == 2)
        #expect(try TreeSnapshot(workspace.path).differences(from: before.0) == [])
        #expect(try TreeSnapshot(copy).differences(from: before.1) == [])
        for place in [workspace.path, copy] {
            #expect(try workspace.build(.legacy, ["--all-targets"], in: place).log.compiledNothing)
        }
        // What a killed run leaves is cleared up even where there is nothing to do.
        let deps = copy.appending("target/debug/deps")
        let leftover = deps.appending(".wt-dedupe-1")
        let artifact = try #require(Directory(deps).entries().first { $0.name.extension == "rlib" })
        try sh("ln \(deps.appending(artifact.name)) \(leftover)")
        #expect(try dedupe().bytesFreed == 0)
        #expect(FileStatus.ifPresent(leftover) == nil)
    }

    @Test func aBuildUnderWayIsLeftAloneAndWhatIsNotTheSameToo() throws {
        try makeCopy(.legacy)
        let deps = copy.appending("target/debug/deps")
        let names = try Directory(deps).entries().map(\.name.string).filter { $0.hasSuffix(".rlib") }.sorted()
        let different = names.prefix(3).map { deps.appending($0) }
        try #require(different.count == 3)
        // Other bytes of the same length and time; the same bytes with another time; the same with another mode.
        try sh(
            "t=$(mktemp); cp -p \(different[0]) $t; printf X | dd of=\(different[0]) conv=notrunc; touch -r $t \(different[0])"
        )
        try sh("touch -d '1 hour ago' \(different[1]); chmod 600 \(different[2])")
        let alone = try different.map { try FileStatus($0) }
        let lock = copy.appending("target/debug/.cargo-lock")
        let held = try FileDescriptor.open(lock, .readWrite, options: .closeOnExec)
        #expect(flock(held.rawValue, LOCK_EX) == 0)
        let before = try TreeSnapshot(copy.appending("target"))
        let busy = try dedupe(status: 2)
        #expect(busy.directories.first { $0.worktree == copy.string }?.busy == ["debug"])
        #expect(try TreeSnapshot(copy.appending("target")).differences(from: before) == [])
        try held.close()
        let leftover = deps.appending(".wt-dedupe-1")
        try sh("ln \(deps.appending(names[3])) \(leftover)")
        _ = try dedupe()
        for (file, status) in zip(different, alone) {
            let now = try FileStatus(file)
            #expect(now.inode == status.inode && now.mtime == status.mtime, "\(file)")
        }
        #expect(FileStatus.ifPresent(leftover) == nil)
    }

    /// Builds in both worktrees, again and again, while files are relinked.
    @Test func buildsBesideItStayRight() throws {
        try makeCopy(.legacy)
        let environment = workspace.environment.merging(TestSupport.Layout.legacy.settings) { $1 }
        let build = try Background(
            [
                "sh", "-ec",
                "for i in 1 2 3; do echo \"pub fn more$i() {}\" >> crates/shapes/src/lib.rs; cargo build --offline --workspace --all-targets; done",
            ],
            in: copy, environment: environment, log: directory.appending("log"))
        var rounds = 0
        while build.isRunning {
            let outcome = try runWT(["dedupe"], in: workspace.path, environment: workspace.environment)
            #expect([0, 2].contains(outcome.status), "\(outcome.errorText)")
            rounds += 1
        }
        #expect(build.wait() == 0, "\(build.words)")
        #expect(rounds > 1)
        for place in [workspace.path, copy] {
            let run = try workspace.build(.legacy, ["--all-targets"], in: place)
            #expect(run.log.compiledNothing, "\(run.errors)")
            #expect(try workspace.report(of: place)["shapes"] == "shapes of main")
        }
    }
}
