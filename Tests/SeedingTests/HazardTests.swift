import CargoCache
import ChildProcess
import FileTree
import Seeding
import SystemPackage
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What careless hard links do to the donor, each with the rule that prevents it (nothing may happen) and with that
/// rule switched off (it must happen, or the test proves nothing).
@Suite struct HazardTests {
    private func seeded(linking kinds: [ArtifactKind], _ directory: TemporaryDirectory) throws -> SeededWorktree {
        try SeededWorktree(from: try SmallWorkspace.built(.legacy, in: directory)) { request in
            for kind in kinds { request.rule.exceptions[kind] = .link }
        }
    }

    private func donorTarget(_ seeded: SeededWorktree) throws -> TreeSnapshot {
        try TreeSnapshot(seeded.workspace.path.appending("target"))
    }

    /// An edit in the donor that was not built yet must stay visible there when the recipient builds.
    @Test(arguments: [true, false]) func theDonorNeverRunsStaleCode(guarded: Bool) throws {
        let directory = try TemporaryDirectory()
        let seeded = try seeded(
            linking: guarded ? [] : [.depInfo, .fingerprint, .rmeta, .executable, .compilerDepInfo], directory)
        let source = "crates/shapes/src/lib.rs"
        let text = String(decoding: try readFile(seeded.workspace.path.pushing(FilePath(source))), as: UTF8.self)
        let edited = text.replacing("shapes of main", with: "edited in the donor")
        try seeded.workspace.repository.write(source, edited)
        try seeded.workspace.repository.write(
            source, text.replacing("shapes of main", with: "edited in the recipient"), in: seeded.path)
        try seeded.workspace.build(in: seeded.path)
        let run = try seeded.workspace.build()
        #expect((try seeded.workspace.report()["shapes"] == "edited in the donor") == guarded, "\(run.errors)")
    }

    /// A build script that runs again in the recipient must leave the donor's output and its freshness alone.
    @Test(arguments: [true, false]) func theDonorsBuildScriptOutputStays(guarded: Bool) throws {
        let directory = try TemporaryDirectory()
        let seeded = try seeded(
            linking: guarded ? [] : [.outDirectory, .buildScriptOutput, .rootOutput, .fingerprint], directory)
        let before = try donorTarget(seeded)
        try seeded.workspace.repository.write("crates/generated/schema.txt", "of the recipient", in: seeded.path)
        try seeded.workspace.build(in: seeded.path)
        #expect(try donorTarget(seeded).differences(from: before).isEmpty == guarded)
        #expect(try seeded.workspace.build().log.compiledNothing == guarded)
    }

    /// With fingerprints private and only OUT_DIR shared, the donor would compile the recipient's generated code.
    @Test(arguments: [true, false]) func theDonorNeverCompilesGeneratedCodeOfTheRecipient(guarded: Bool) throws {
        let directory = try TemporaryDirectory()
        let seeded = try seeded(linking: guarded ? [] : [.outDirectory], directory)
        let schema = try seeded.workspace.report()["generated"]
        try seeded.workspace.repository.write("crates/generated/schema.txt", "of the recipient", in: seeded.path)
        try seeded.workspace.build(in: seeded.path)
        try seeded.workspace.build()
        #expect((try seeded.workspace.report()["generated"] == schema) == guarded)
    }

    /// Two worktrees never wait for each other's lock.
    @Test(arguments: [true, false]) func locksAreNotShared(guarded: Bool) throws {
        let directory = try TemporaryDirectory()
        let seeded = try seeded(linking: [], directory)
        try seeded.workspace.build(in: seeded.path)
        let lock = FilePath("target/debug/.cargo-lock")
        let theirs = seeded.workspace.path.pushing(lock)
        if !guarded {
            let ours = seeded.path.pushing(lock)
            try removeTree(ours)
            let link = try ChildProcess("ln", [theirs.string, ours.string], environment: seeded.workspace.environment)
                .run()
            #expect(link.status == 0)
        }
        let file = try FileDescriptor.open(theirs, .readWrite, options: .closeOnExec)
        defer { try? file.close() }
        #expect(flock(file.rawValue, LOCK_EX) == 0)
        #expect(BuildDirectory.isBusy(seeded.workspace.path.appending("target")))
        #expect(BuildDirectory.isBusy(seeded.path.appending("target")) != guarded)
    }

    /// `strip` writes into the executable it is given.
    @Test(arguments: [true, false]) func toolsThatEditAnExecutableStayInTheirWorktree(guarded: Bool) throws {
        let directory = try TemporaryDirectory()
        let seeded = try seeded(linking: guarded ? [] : [.executable], directory)
        let before = try donorTarget(seeded)
        let programs = try TreeSnapshot(seeded.path).entries.keys.filter {
            $0.contains("/deps/shapes-") && !$0.hasSuffix(".d")
        }
        #expect(programs.count == 1)
        let program = seeded.path.pushing(FilePath(programs.first!)).string
        let strip = try ChildProcess("strip", [program], environment: seeded.workspace.environment).run()
        #expect(strip.status == 0, "\(strip.errorText)")
        #expect(try donorTarget(seeded).differences(from: before).isEmpty == guarded)
    }

    /// A member's rlib is linked: everything that makes cargo and rustc produce it anew must leave the donor's alone.
    @Test(arguments: TestSupport.Layout.allCases)
    func aLinkedRlibOfAMemberIsReplacedNotRewritten(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(layout, in: directory)
        let seeded = try SeededWorktree(from: workspace)
        let linked = try TreeSnapshot(seeded.path).entries.filter {
            $0.key.hasSuffix(".rlib") && $0.key.contains("shapes")
        }
        let before = try donorTarget(seeded)
        #expect(linked.values.contains { ours in before.entries.values.contains { $0.inode == ours.inode } })

        let source = "crates/shapes/src/lib.rs"
        let text = String(decoding: try readFile(workspace.path.pushing(FilePath(source))), as: UTF8.self)
        for edit in 1...2 {
            try workspace.repository.write(source, text + "\npub fn edit\(edit)() {}\n", in: seeded.path)
            try workspace.build(layout, ["--all-targets"], in: seeded.path)
        }
        try workspace.build(layout, in: seeded.path, settings: ["CARGO_INCREMENTAL": "0"])
        try workspace.build(layout, ["--all-targets"], subcommand: "check", in: seeded.path)
        #expect(try donorTarget(seeded).differences(from: before) == [])
    }
}
