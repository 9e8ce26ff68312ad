import ChildProcess
import FileTree
import SystemPackage
import TestSupport
import Testing

/// What is in a build directory and is no unit.
@Suite struct LeftBehindTests {
    @Test(arguments: Layout.allCases) func whatIsNoUnitStaysWithTheDonor(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.build(layout, ["--all-targets"])
        _ = try CargoRun(
            "doc", ["--no-deps", "-p", "included"], in: workspace.path, layout: layout,
            environment: workspace.environment)
        _ = try CargoRun(
            "package", ["--no-verify", "--allow-dirty", "-p", "included"], in: workspace.path, layout: layout,
            environment: workspace.environment)
        let made = try MadeWorktree("topic", from: workspace)

        let theirs = try files(in: workspace.path)
        let ours = try files(in: made.path)
        #expect(ours.count > 30)
        for (what, belongs) in Self.noUnits {
            #expect(theirs.contains(where: belongs), "the donor has no \(what): this proves nothing")
            #expect(ours.filter(belongs) == [], "\(what)")
        }
        // Everything else has its unit, too, and nothing has appeared that the donor has not got.
        #expect(ours.filter { !theirs.contains($0) } == [])
        #expect(try workspace.build(layout, ["--all-targets"], in: made.path).log.compiled == made.expectedWork)
    }

    /// Paths of everything in `target` that is no directory.
    private func files(in worktree: FilePath) throws -> [String] {
        try TreeSnapshot(worktree.appending("target")).entries.filter { $0.value.kind != .directory }.map(\.key)
    }

    /// By the path below `target`.
    private static let noUnits: [(what: String, belongs: @Sendable (String) -> Bool)] = [
        ("incremental session", { $0.hasPrefix("debug/incremental/") }),
        ("documentation", { $0.hasPrefix("doc/") || $0.contains("/doc-") }),
        ("package", { $0.hasPrefix("package/") }),
        ("uplifted program", { $0 == "debug/app" || $0 == "debug/examples/show" }),
        ("uplifted library", { $0 == "debug/libshapes.rlib" || $0 == "debug/libcapi.so" }),
        ("uplifted dep-info", { $0 == "debug/app.d" || $0 == "debug/examples/show.d" }),
        ("anything right in the profile's directory", { $0.split(separator: "/").count == 2 && !$0.hasPrefix("doc/") }),
        ("lock", { $0.hasSuffix(".cargo-lock") || $0.hasSuffix("-lock") || $0.hasSuffix(".lock") }),
    ]

    /// `tmp`, which integration tests are told of, is theirs to write to: it is there, and empty.
    @Test(arguments: Layout.allCases) func theDirectoryForTemporaryFilesStaysWithTheDonor(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.package(
            [
                "src/lib.rs": "",
                "tests/writes.rs": """
                #[test] fn writes() {
                    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("written");
                    assert!(!file.exists(), "{} is there", file.display());
                    std::fs::write(file, "x").unwrap();
                }
                """,
            ], in: directory)
        try workspace.build(layout, subcommand: "test")
        let written = FilePath("target/tmp/written")
        #expect(FileStatus.ifPresent(workspace.path.pushing(written)) != nil)
        let made = try MadeWorktree("made", from: workspace)
        #expect(try Directory(made.path.appending("target/tmp")).entries().isEmpty)
        #expect(made.answer.seed.unitsCopied + made.answer.seed.unitsLinked > 0)
        // The test would fail if it ran the donor's program.
        try workspace.build(layout, subcommand: "test", in: made.path)
        #expect(FileStatus.ifPresent(made.path.pushing(written)) != nil)
    }
}
