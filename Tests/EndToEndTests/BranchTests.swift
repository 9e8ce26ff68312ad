import TestSupport
import Testing

@Suite struct BranchTests {
    @Test(arguments: Layout.allCases) func aMemberThatDiffersIsCompiledWithWhatIsAboveItAndNothingElse(
        layout: Layout
    ) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        // Without a path in the library that everything is above, only one test depends on the path.
        try workspace.repository.write("crates/baked/src/lib.rs", "pub const DIRECTORY: &str = \"nowhere\";\n")
        try workspace.repository.commit("no path")
        try workspace.repository.git("rebase", "--quiet", "main", "other-lib")
        try workspace.repository.git("switch", "--quiet", "main")
        try backdate(workspace.path, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh")
        try workspace.build(layout, ["--all-targets"])

        let same = try MadeWorktree("topic", from: workspace)
        #expect(same.expectedWork == ["integration test"], "\(same.coldReasons)")
        let warm = try workspace.build(layout, ["--all-targets"], in: same.path)
        #expect(warm.log.compiled == ["integration test"], "\(warm.log.reasons)")

        let other = try MadeWorktree("other-lib", from: workspace)
        #expect(
            other.coldByThemselves == [
                "shapes lib-shapes", "shapes test-lib-shapes", "app test-integration-test-integration",
            ])
        let run = try workspace.build(layout, ["--all-targets"], in: other.path)
        #expect(run.log.compiledNames == ["shapes", "app"])
        #expect(run.log.compiled == other.expectedWork, "\(run.log.reasons)")
        #expect(
            run.log.compiled == [
                "app bin", "app lib", "app test", "app test", "app_two bin", "app_two test", "integration test",
                "measure bin", "shapes lib", "shapes test", "show bin",
            ])
        #expect(try workspace.build(layout, ["--all-targets"], in: other.path).log.compiledNothing)
        #expect(try workspace.report(of: other.path)["shapes"] == "shapes of other-lib")
        #expect(try workspace.report()["shapes"] == "shapes of main")
        #expect(try workspace.build(layout, ["--all-targets"]).log.compiledNothing)
    }

    /// Files that differ keep the time of their checkout, and cargo finds them, whatever they are to it.
    @Test(arguments: [
        ("crates/included/data.txt", "included", "data of the branch"),
        ("notice.txt", "outside", "notice of the branch"),
        ("crates/generated/schema.txt", "generated", "schema of the branch, part a, part b"),
        ("crates/generated/parts/c.txt", "generated", "schema one, part a, part b, part c"),
        ("patched/tiny-patched/src/lib.rs", "patched", "above the branch's"),
    ]) func aChangedInputOfAnyKindIsSeen(file: String, value: String, expected: String) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.build(.legacy, ["--all-targets"])
        let before = try workspace.report()
        let text =
            switch file {
            case "crates/generated/parts/c.txt": "part c\n"
            case _ where file.hasSuffix(".rs"): "pub fn value() -> &'static str {\n    \"the branch's\"\n}\n"
            default: String(expected.prefix { $0 != "," }) + "\n"
            }
        let made = try workspace.worktree(at: "changed", writing: file, text)
        #expect(before[value] != expected)
        let run = try workspace.build(.legacy, ["--all-targets"], in: made.path)
        #expect(try workspace.report(of: made.path)[value] == expected, "\(run.log.reasons)")
        #expect(try workspace.report() == before)
    }
}

extension SmallWorkspace {
    /// Commits a file on a new branch without touching the main worktree, and runs `wt new` on it.
    fileprivate func worktree(at branch: String, writing file: String, _ text: String) throws -> MadeWorktree {
        let scratch = path.removingLastComponent().appending("scratch")
        try repository.git("worktree", "add", "--quiet", "-b", branch, scratch.string)
        try repository.write(file, text, in: scratch)
        try repository.commit("a change", in: scratch)
        try repository.git("worktree", "remove", scratch.string)
        return try MadeWorktree(branch, from: self)
    }
}
