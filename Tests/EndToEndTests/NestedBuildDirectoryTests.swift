import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Build directories within build directories: rust-analyzer's, cargo-llvm-cov's, and what `--target-dir` makes there.
@Suite struct NestedBuildDirectoryTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let analyzer = ["--all-targets", "--target-dir", "target/rust-analyzer"]

    /// A package in the repository's root whose build script names no file: cargo then watches the whole package, in
    /// which all build directories lie.
    private func package() throws -> SmallWorkspace {
        try SmallWorkspace.package(
            [
                "Cargo.toml": SmallWorkspace.manifest("app", "[workspace]\nmembers = [\"part\"]\n"),
                "build.rs": """
                fn main() {
                    let out = std::env::var("OUT_DIR").unwrap();
                    std::fs::write(format!("{out}/made.rs"), "\\"made\\"").unwrap();
                }
                """,
                "src/main.rs":
                    "fn main() { println!(\"value: {}\", include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"))); }",
                "part/Cargo.toml": SmallWorkspace.manifest("part"),
                "part/src/lib.rs": "pub fn part() {}",
            ], in: directory)
    }

    @Test(arguments: Layout.allCases) func theAnalyzersOwnDirectoryIsWarmBesideTheUsualOne(layout: Layout) throws {
        let workspace = try package()
        try workspace.build(layout, ["--all-targets"])
        try workspace.build(layout, Self.analyzer, subcommand: "check")
        let before = try TreeSnapshot(workspace.path, excluding: [".git"])
        let made = try MadeWorktree("new", from: workspace)
        #expect(made.answer.seed.cold.isEmpty && made.answer.notes == [], "\(made.coldReasons)")
        #expect(try workspace.build(layout, Self.analyzer, subcommand: "check", in: made.path).log.compiledNothing)
        #expect(try workspace.build(layout, ["--all-targets"], in: made.path).log.compiledNothing)
        #expect(try workspace.report(of: made.path)["value"] == "made")
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: before) == [])
        #expect(try workspace.build(layout, Self.analyzer, subcommand: "check").log.compiledNothing)
        #expect(try workspace.build(layout, ["--all-targets"]).log.compiledNothing)
    }

    /// Of a workspace that only the editor has looked at, and where some units know their path.
    @Test(arguments: Layout.allCases) func theAnalyzersDirectoryAloneIsWarm(layout: Layout) throws {
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.build(layout, Self.analyzer, subcommand: "check")
        let before = try TreeSnapshot(workspace.path, excluding: [".git"])
        let made = try MadeWorktree("topic", from: workspace)
        #expect(made.answer.seed.unitsLinked > 5, "\(made.coldReasons)")
        #expect(made.coldByThemselves.contains("baked lib-baked"))
        let log = try workspace.build(layout, Self.analyzer, subcommand: "check", in: made.path).log
        #expect(log.compiled == made.expectedWork, "\(log.reasons)")
        #expect(log.compiledNames == ["baked", "app"])
        #expect(try workspace.build(layout, Self.analyzer, subcommand: "check", in: made.path).log.compiledNothing)
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: before) == [])
    }

    /// An instrumented program names its sources for the report, by their paths: only what knows none of this worktree
    /// is warm. A function in OUT_DIR is one of them, even of a registry crate.
    @Test(arguments: Layout.allCases) func whatMeasuresCoverageReportsOfItsOwnWorktree(layout: Layout) throws {
        let workspace = try SmallWorkspace.make(in: directory)
        let script = directory.path.pushing("registry/tiny-generated-1.0.0/build.rs")
        let text = String(decoding: try readFile(script), as: UTF8.self)
        let function = "pub fn made(n: usize) -> usize {{ n + 1 }}\\n"
        let changed = text.replacing("{value:?};\\n", with: "{value:?};\\n\(function)")
        #expect(changed != text)
        try changed.write(toFile: script.string, atomically: false, encoding: .utf8)
        func build(_ worktree: FilePath) throws -> CargoLog {
            try workspace.build(
                layout, in: worktree,
                settings: [
                    "CARGO_TARGET_DIR": worktree.appending("target/llvm-cov-target").string,
                    "RUSTFLAGS": "-Cinstrument-coverage", "LLVM_PROFILE_FILE": "/dev/null",
                ]
            ).log
        }
        #expect(try !build(workspace.path).compiledNothing)
        let made = try MadeWorktree("topic", from: workspace)
        let log = try build(made.path)
        #expect(log.compiled == made.expectedWork, "\(log.reasons)")
        #expect(log.fresh.contains { $0.name == "tiny-plain" })
        for unit in ["tiny-generated lib-", "shapes lib-"] {
            #expect(made.coldByThemselves.contains { $0.hasPrefix(unit) }, "\(unit): \(made.coldReasons)")
        }
        #expect(try build(made.path).compiledNothing)
    }

    /// The fields of `wt list --json` that are looked at here.
    private struct List: Decodable {
        struct Worktree: Decodable {
            struct Cache: Decodable {
                let bytesTotal: Int64
            }
            let cache: Cache?
        }
        let worktrees: [Worktree]
    }

    @Test func aBuildInANestedDirectoryIsABuildInTheWorktree() throws {
        let workspace = try package()
        let made = try MadeWorktree("new", from: workspace)
        let nested = made.path.appending("target/rust-analyzer")
        try workspace.build(.legacy, Self.analyzer, subcommand: "check", in: made.path)
        let list = try runWT(["list", "--json"], in: workspace.path, environment: workspace.environment)
        let rows = try JSONDecoder().decode(List.self, from: Data(list.output)).worktrees
        #expect(rows.map { $0.cache?.bytesTotal == 0 } == [true, false], "\(list.text)")
        // Not for the programs that other tests start meanwhile: they would keep the lock.
        let lock = try FileDescriptor.open(nested.appending("debug/.cargo-lock"), .readWrite, options: .closeOnExec)
        #expect(flock(lock.rawValue, LOCK_EX) == 0)
        let refused = try runWT(["rm", "new"], in: workspace.path, environment: workspace.environment)
        #expect(refused.status == 1)
        #expect(refused.errorText.contains("cargo is building in it"), "\(refused.errorText)")
        try lock.close()
        let removed = try runWT(["rm", "new"], in: workspace.path, environment: workspace.environment)
        #expect(removed.status == 0, "\(removed.errorText)")
    }
}
