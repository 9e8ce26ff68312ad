import FileTree
import SystemPackage
import TestSupport
import Testing

/// What cargo's other commands leave in a build directory, and look for.
@Suite struct OtherCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func lint(_ workspace: SmallWorkspace, in worktree: FilePath? = nil) throws -> CargoLog {
        try workspace.build(.legacy, [], subcommand: "clippy", in: worktree).log
    }

    private let many = "pub fn many(a: u8, b: u8, c: u8) -> u8 { a + b + c }\n"

    /// It stands before the crate root in the dep-info.
    @Test(arguments: ["clippy.toml", ".clippy.toml"]) func aConfigurationOfClippysIsNoCrateRoot(name: String) throws {
        let workspace = try SmallWorkspace.package(
            ["src/lib.rs": many, name: "too-many-arguments-threshold = 5\n"], in: directory)
        #expect(try lint(workspace).compiledNames == ["app"])
        let made = try MadeWorktree("topic", from: workspace)
        #expect(made.answer.seed.cold.isEmpty, "\(made.coldReasons)")
        #expect(try lint(workspace, in: made.path).compiledNothing)
    }

    @Test(arguments: ["clippy.toml", "app/.clippy.toml"]) func aConfigurationOfClippysThatOnlyTheBranchHas(name: String)
        throws
    {
        let workspace = try SmallWorkspace.package(
            [
                "Cargo.toml": "[workspace]\nmembers = [\"app\"]\nresolver = \"2\"\n",
                "app/Cargo.toml": SmallWorkspace.manifest("app"), "app/src/lib.rs": many,
            ], in: directory
        ) { repository, path in
            try repository.write(name, "too-many-arguments-threshold = 2\n", in: path)
        }
        _ = try lint(workspace)
        let made = try MadeWorktree("topic", from: workspace)
        let run = try workspace.build(.legacy, [], subcommand: "clippy", in: made.path)
        #expect(run.errors.contains("too many arguments (3/2)"), "\(run.errors)")
    }

    /// Integration tests are told of it, and cargo makes it when it compiles them.
    @Test func theDirectoryForTests() throws {
        let workspace = try SmallWorkspace.package(
            [
                "src/lib.rs": "",
                "tests/write.rs": """
                #[test]
                fn write() {
                    let target = std::env::current_exe().unwrap();
                    let target = target.ancestors().find(|p| p.ends_with("target")).unwrap();
                    std::fs::write(target.join("tmp/file"), "").unwrap();
                }
                """,
            ], in: directory)
        try workspace.build(.legacy, [], subcommand: "test")
        let made = try MadeWorktree("topic", from: workspace)
        #expect(try Directory(made.path.appending("target/tmp")).entries().isEmpty)
        let log = try workspace.build(.legacy, [], subcommand: "test", in: made.path).log
        #expect(log.compiledNothing)
    }
}
