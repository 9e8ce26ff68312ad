import FileTree
import SystemPackage
import TestSupport
import Testing

/// Files that git ignores and that a proc macro reads behind cargo's back, in a worktree that gets them.
@Suite struct IncludeSeedingTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace

    init() throws {
        directory = try TemporaryDirectory()
        let files = [
            "Cargo.toml": "[workspace]\nmembers = [\"app\", \"look\"]\nresolver = \"2\"\n",
            "look/Cargo.toml": SmallWorkspace.manifest("look", "[lib]\nproc-macro = true\n"),
            "look/src/lib.rs": """
            #[proc_macro]
            pub fn look(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
                format!("{:?}", std::fs::read_to_string(".env").unwrap_or_default()).parse().unwrap()
            }
            """,
            "app/Cargo.toml": SmallWorkspace.manifest("app", "[dependencies]\nlook = { path = \"../look\" }\n"),
            "app/src/main.rs": "fn main() { println!(\"value: {}\", look::look!()) }",
            ".worktreeinclude": ".env\n",
        ]
        workspace = try SmallWorkspace.package(files, ignored: [".env"], in: directory)
        try workspace.repository.write(".env", "of main")
        try backdate(workspace.path, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh")
    }

    /// The donor's own file came with the donor's own unit.
    @Test func aMacroThatReadsTheSameFileStaysWarm() throws {
        try workspace.build()
        let made = try MadeWorktree("one", from: workspace)
        #expect(made.answer.seed.unitsCold == 0, "\(made.coldReasons)")
        let build = try workspace.build(in: made.path)
        #expect(build.log.compiledNothing, "\(build.errors)")
        #expect(try workspace.report(of: made.path)["value"] == "of main")
        // And it is a file of its own.
        try workspace.repository.write(".env", "of one", in: made.path)
        #expect(try readFile(workspace.path.appending(".env")) == Array("of main".utf8))
    }

    /// The unit was made where there is no such file.
    @Test func aFileFromElsewhereLeavesItsReadersCold() throws {
        let donor = try workspace.repository.addWorktree("donor", branch: "topic")
        try backdate(donor, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh", in: donor)
        try workspace.build(in: donor)
        #expect(try workspace.report(of: donor)["value"] == "")
        let made = try MadeWorktree("two", ["--from", "topic"], from: workspace)
        #expect(made.answer.seed.donors == [donor.string])
        #expect(made.coldByThemselves == ["app bin-app"])
        try workspace.build(in: made.path)
        #expect(try workspace.report(of: made.path)["value"] == "of main")
    }
}
