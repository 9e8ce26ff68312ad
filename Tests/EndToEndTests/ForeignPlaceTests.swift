import ChildProcess
import FileTree
import SystemPackage
import TestSupport
import Testing

/// Worktrees that build where another one does: each case made one of the two run the other's program.
@Suite struct ForeignPlaceTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace
    private var repository: TestRepository { workspace.repository }

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.package(
            ["src/main.rs": Self.program("original"), ".worktreeinclude": "config.toml\n"],
            ignored: ["config.toml", "target"], in: directory)
    }

    private static func program(_ value: String) -> String { "fn main() { println!(\"value: {}\", \"\(value)\"); }" }

    /// A worktree with a build of the original, beside the main one, which has an older edit that it has not built.
    private func builtBesideAnEdit() throws -> FilePath {
        try repository.write("src/main.rs", Self.program("edited"))
        try backdate(workspace.path, excluding: [".git"])
        let donor = try repository.addWorktree("donor", branch: "topic")
        try backdate(donor, excluding: [".git"])
        try repository.git("update-index", "-q", "--refresh", in: donor)
        try workspace.build(in: donor)
        return donor
    }

    private func staysCold(_ arguments: [String], because words: String, in worktree: FilePath? = nil) throws {
        let outcome = try runWT(
            arguments, in: worktree ?? workspace.path, environment: workspace.environment)
        #expect(outcome.status == 2, "\(outcome.errorText)")
        #expect(outcome.errorText.contains(words), "\(outcome.errorText)")
    }

    private func value(in place: FilePath) throws -> String {
        try ChildProcess(place.appending("debug/app").string, [], environment: [:]).run().text
    }

    /// Named by a file that comes with the worktree, or by a symlink that a hook makes.
    @Test(arguments: ["repository/target", "shared", "hook"]) func nothingIsPutWhereTheMainWorktreeBuilds(_ way: String)
        throws
    {
        _ = try builtBesideAnEdit()
        let place = directory.path.pushing(FilePath(way == "hook" ? "repository/target" : way))
        if way == "hook" {
            try makeDirectories(place)
            try makeProgram(
                workspace.path.pushing(".git/hooks/post-checkout"), "#!/bin/sh\nln -s '\(place)' target\n")
        } else {
            try repository.write(".cargo/config.toml", "[build]\ntarget-dir = \"../\(way)\"\n")
        }
        let before = try TreeSnapshot(workspace.path, excluding: [".git"])
        try staysCold(["new", "made"], because: way == "shared" ? "and so does" : "which lies in the worktree")
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: before) == [])
        #expect(try FileStatus.ifPresent(place) == nil || Directory(place).entries().isEmpty)
        try workspace.build()
        #expect(try value(in: place) == "value: edited\n")
    }

    /// With the donor's mtimes the new worktree's files would be older than what another one has made of its own.
    @Test(arguments: ["CARGO_TARGET_DIR", "committed"]) func whatStandsInASharedPlaceIsNotTaken(_ way: String) throws {
        let shared = directory.appending("shared")
        let settings = way == "committed" ? [:] : [way: shared.string]
        if way == "committed" {
            try repository.write(".cargo/config.toml", "[build]\ntarget-dir = \"../shared\"\n")
            try repository.git("add", "--force", ".cargo/config.toml")
            try repository.commit("settings")
            try repository.git("branch", "--force", "topic")
        }
        try workspace.build(settings: settings)
        let other = try repository.addWorktree("other", branch: "topic")
        try repository.write("src/main.rs", Self.program("of another"), in: other)
        try workspace.build(in: other, settings: settings)
        let outcome = try runWT(
            ["new", "made"], in: workspace.path, environment: workspace.environment.merging(settings) { $1 })
        #expect(outcome.status == 2 && outcome.errorText.contains("all worktrees build in"), "\(outcome.errorText)")
        let made = directory.appending("repository.made")
        try workspace.build(in: made, settings: settings)
        #expect(try value(in: shared) == "value: original\n")
        #expect(try repository.git("diff-files", "--name-only", in: made) == "")
    }

    /// The place by the workspace's path outlives a worktree that git removes.
    @Test func whatAWorktreeOfTheSamePathHasLeftIsNotTaken() throws {
        try repository.write(".cargo/config.toml", "[build]\nbuild-dir = \"../all/{workspace-path-hash}\"\n")
        try repository.git("add", "--force", ".cargo/config.toml")
        try repository.commit("settings")
        try backdate(workspace.path, excluding: [".git"])
        try repository.git("update-index", "-q", "--refresh")
        try workspace.build()
        let first = try MadeWorktree("made", from: workspace)
        #expect(first.answer.seed.unitsLinked + first.answer.seed.unitsCopied > 0)
        try repository.write("src/main.rs", Self.program("of the first"), in: first.path)
        try workspace.build(in: first.path)
        try repository.git("worktree", "remove", "--force", first.path.string)
        try repository.git("branch", "--delete", "--force", "made")
        try staysCold(["new", "made"], because: "has units already")
        try workspace.build(in: first.path)
        #expect(try workspace.report(of: first.path)["value"] == "original")
    }

    @Test func wtSeedPutsNothingWhereAnotherBuilds() throws {
        let donor = try builtBesideAnEdit()
        try repository.branch("third")
        let third = try repository.addWorktree("third", branch: "third")
        try repository.write(".cargo/config.toml", "[build]\ntarget-dir = \"../repository/target\"\n", in: third)
        try staysCold(["seed", "--from", donor.string], because: "which lies in the worktree", in: third)
        try staysCold(["seed", "--from", donor.string], because: "and so does \(third)")
        #expect(FileStatus.ifPresent(workspace.path.appending("target")) == nil)
    }
}
