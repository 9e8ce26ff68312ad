import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Inputs that are another file in the new worktree and no newer than what the donor made of its own: files that git
/// ignores come with their mtimes. Each case made the new worktree differ from one built from nothing.
@Suite struct OldInputTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static func script(watching path: String, reading file: String? = nil) -> String {
        """
        fn main() {
            println!("\(path)");
            let value = std::fs::read_to_string("\(file ?? ".env")").unwrap_or("none".into());
            println!("cargo:rustc-env=VALUE={}", value.trim());
        }
        """
    }

    private static let program = "fn main() { println!(\"value: {}\", env!(\"VALUE\")); }"

    private func package(_ files: [String: String], include: String = "") throws -> SmallWorkspace {
        let all = ["src/main.rs": Self.program, ".worktreeinclude": include].merging(files) { $1 }
        return try SmallWorkspace.package(all, ignored: [".env", "local", "/made"], in: directory)
    }

    /// The only worktree with a build: it has `text` at `file`, or no such file.
    private func makeDonor(_ workspace: SmallWorkspace, _ file: String, _ text: String?) throws {
        let donor = try workspace.repository.addWorktree("donor", branch: "topic")
        if let text { try workspace.repository.write(file, text, in: donor) }
        try backdate(donor, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh", in: donor)
        try workspace.build(in: donor)
    }

    private func value(
        _ workspace: SmallWorkspace, _ file: String, donor text: String?, _ arguments: [String] = []
    ) throws -> String? {
        try workspace.repository.write(file, "of main")
        try backdate(workspace.path, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh")
        try makeDonor(workspace, file, text)
        let made = try MadeWorktree("made", arguments, from: workspace)
        try workspace.build(in: made.path)
        return try workspace.report(of: made.path)["value"]
    }

    @Test(arguments: ["of the donor", nil]) func aFileThatAScriptWatches(text: String?) throws {
        let script = Self.script(watching: "cargo:rerun-if-changed=.env")
        #expect(try value(package(["build.rs": script], include: ".env"), ".env", donor: text) == "of main")
    }

    /// The instruction counts for cargo with white space around it.
    @Test func aFileThatAScriptWatchesAmongOthers() throws {
        let script = Self.script(watching: "cargo:rerun-if-changed=build.rs\\n\\t cargo:rerun-if-changed=.env ")
        #expect(try value(package(["build.rs": script], include: ".env"), ".env", donor: "other") == "of main")
    }

    @Test func aFileInAWatchedDirectory() throws {
        let script = Self.script(watching: "cargo:rerun-if-changed=data", reading: "data/local")
        let workspace = try package(["build.rs": script, "data/tracked": ""], include: "local")
        #expect(try value(workspace, "data/local", donor: "other") == "of main")
    }

    /// The symlink is tracked and the same, the file is not.
    @Test(arguments: ["watched", "compiled"]) func aFileBehindASymlink(_ way: String) throws {
        let files =
            way == "watched"
            ? ["build.rs": Self.script(watching: "cargo:rerun-if-changed=link")]
            : ["src/main.rs": "fn main() { println!(\"value: {}\", include_str!(\"../link\")); }"]
        let workspace = try package(files, include: ".env")
        #expect(symlink(".env", workspace.path.appending("link").string) == 0)
        try workspace.repository.commit("a symlink")
        try workspace.repository.git("branch", "--force", "topic")
        #expect(try value(workspace, ".env", donor: "other") == "of main")
    }

    /// Neither has it when the units are taken; the user's own command brings it.
    @Test(arguments: [".env", "made"]) func whatAHookBringsAfterwards(_ path: String) throws {
        let file = path == "made" ? "made/file" : path
        let workspace = try package([
            "build.rs": Self.script(watching: "cargo:rerun-if-changed=\(path)", reading: file)
        ])
        try workspace.repository.git("config", "wt.hook.post-new", "cp -a \"$WT_MAIN_WORKTREE/\(path)\" .")
        #expect(try value(workspace, file, donor: nil, ["--no-include"]) == "of main")
    }

    /// What is the donor's own stays warm: the include list's first purpose.
    @Test func theDonorsOwnFileIsNoReason() throws {
        let script = Self.script(watching: "cargo:rerun-if-changed=.env")
        let workspace = try package(["build.rs": script], include: ".env")
        try workspace.repository.write(".env", "of main")
        try backdate(workspace.path, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh")
        try workspace.build()
        let made = try MadeWorktree("made", from: workspace)
        #expect(made.answer.seed.unitsCold == 0, "\(made.coldReasons)")
        #expect(try workspace.build(in: made.path).log.compiledNothing)
    }

    /// `wt seed`, where no mtime of a source says anything: a package in a watched directory, whose files cargo counts,
    /// and a symlink.
    @Test(arguments: ["data/nested/text", ".env"]) func wtSeedLooksAtAllThatIsWatched(_ file: String) throws {
        let watched = file == ".env" ? "link" : "data"
        let workspace = try package([
            "Cargo.toml": SmallWorkspace.manifest("app", "[workspace]\nexclude = [\"data/nested\"]\n"),
            "build.rs": Self.script(watching: "cargo:rerun-if-changed=\(watched)", reading: file),
            "data/nested/Cargo.toml": SmallWorkspace.manifest("nested"), "data/nested/text": "of main",
        ])
        #expect(symlink(".env", workspace.path.appending("link").string) == 0)
        try workspace.repository.commit("a symlink")
        try workspace.repository.write(".env", "of main")
        try backdate(workspace.path, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh")
        try workspace.build()
        try workspace.repository.git("branch", "--force", "topic")
        let other = try workspace.repository.addWorktree("other", branch: "topic")
        try workspace.repository.write(file, "of the other", in: other)
        if file != ".env" { try workspace.repository.commit("another text", in: other) }
        try backdate(other, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh", in: other)
        let seeded = try runWT(["seed"], in: other, environment: workspace.environment)
        #expect(seeded.status == 0, "\(seeded.errorText)")
        try workspace.build(in: other)
        #expect(try workspace.report(of: other)["value"] == "of the other")
    }
}
