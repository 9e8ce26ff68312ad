import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Build directories in other places than `target` in the repository's root.
@Suite struct BuildDirectoryTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
    }

    /// Adds to the configuration that all worktrees find above them.
    private func configure(_ text: String) throws {
        let file = directory.appending(".cargo/config.toml")
        let old = String(decoding: try readFile(file), as: UTF8.self)
        try "\(old)\n\(text)\n".write(toFile: file.string, atomically: false, encoding: .utf8)
    }

    /// Builds, makes a worktree, builds there, and compares with what was said.
    private func seedsAsEver(in workspaceDirectory: FilePath = "") throws -> MadeWorktree {
        func build(_ worktree: FilePath) throws -> CargoLog {
            try workspace.build(.legacy, ["--all-targets"], in: worktree.appending(workspaceDirectory.components)).log
        }
        #expect(try !build(workspace.path).compiledNothing)
        let made = try MadeWorktree("topic", from: workspace)
        #expect(made.answer.notes == [])
        #expect(made.answer.seed.unitsLinked > 10)
        #expect(made.coldByThemselves.contains("baked lib-baked"))
        #expect(try workspace.repository.git("status", "--porcelain", in: made.path) == "")
        let log = try build(made.path)
        #expect(log.compiled == made.expectedWork)
        #expect(log.compiledNames == ["baked", "app"])
        #expect(try build(made.path).compiledNothing)
        #expect(try build(workspace.path).compiledNothing)
        return made
    }

    @Test func aTargetDirectoryOfAnotherNameInEachWorktree() throws {
        try workspace.repository.write(".cargo/config.toml", "[build]\ntarget-dir = \"build-dir\"\n")
        try workspace.repository.commit("settings")
        try backdate(workspace.path, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh")
        let made = try seedsAsEver()
        #expect(FileStatus.ifPresent(made.path.appending("target")) == nil)
        #expect(FileStatus.ifPresent(made.path.appending("build-dir/debug")) != nil)
    }

    /// On another disk, say: what is below it is another matter, no symlink is followed there.
    @Test func aTargetDirectoryThatIsASymlink() throws {
        let elsewhere = directory.appending("elsewhere")
        try makeDirectories(elsewhere)
        #expect(symlink(elsewhere.string, workspace.path.appending("target").string) == 0)
        try workspace.build(.legacy, ["--all-targets"])
        let before = try TreeSnapshot(elsewhere)
        let made = try MadeWorktree("topic", from: workspace)
        #expect(made.answer.seed.unitsLinked > 10)
        let log = try workspace.build(.legacy, ["--all-targets"], in: made.path).log
        #expect(log.compiled == made.expectedWork, "\(log.reasons)")
        #expect(try TreeSnapshot(elsewhere).differences(from: before) == [])
    }

    /// Tracked by git, so that it leads every worktree to one and the same place.
    @Test func aTargetDirectoryThatIsTheSameSymlinkEverywhere() throws {
        let elsewhere = directory.appending("elsewhere")
        try makeDirectories(elsewhere)
        try workspace.repository.write(".gitignore", "")
        #expect(symlink(elsewhere.string, workspace.path.appending("target").string) == 0)
        try workspace.repository.commit("one target for all")
        try workspace.build()
        let before = try TreeSnapshot(elsewhere)
        let outcome = try runWT(["new", "topic"], in: workspace.path, environment: workspace.environment)
        #expect(outcome.status == 2 && outcome.errorText.contains("all worktrees build in"), "\(outcome.errorText)")
        #expect(try TreeSnapshot(elsewhere).differences(from: before) == [])
    }

    @Test(arguments: ["build-dir", "../intermediate/{workspace-path-hash}"])
    func aBuildDirectoryApartFromTheTargetDirectory(setting: String) throws {
        try workspace.repository.write(".cargo/config.toml", "[build]\nbuild-dir = \"\(setting)\"\n")
        try workspace.repository.commit("settings")
        try backdate(workspace.path, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh")
        let made = try seedsAsEver()
        #expect(try workspace.report(of: made.path)["baked"] == "\(made.path)/crates/baked")
        #expect(FileStatus.ifPresent(made.path.appending("target/debug/deps")) == nil)
    }

    @Test func aBuildDirectoryByHashThatAllWorktreesInherit() throws {
        try configure("[build]\nbuild-dir = \"\(directory.path)/all/{workspace-path-hash}\"")
        let made = try seedsAsEver()
        #expect(try workspace.report(of: made.path)["baked"] == "\(made.path)/crates/baked")
    }

    @Test func aWorkspaceInASubdirectory() throws {
        try makeDirectories(workspace.path.appending("rust"))
        for name in [".gitignore", "Cargo.toml", "Cargo.lock", "crates", "patched", "notice.txt"] {
            try workspace.repository.git("mv", name, "rust/")
        }
        try workspace.repository.write("README", "beside")
        try workspace.repository.commit("a subdirectory")
        try backdate(workspace.path, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh")
        let made = try seedsAsEver(in: "rust")
        #expect(FileStatus.ifPresent(made.path.appending("target")) == nil)
        let report = try workspace.report(of: made.path.appending("rust"))
        #expect(report["baked"] == "\(made.path)/rust/crates/baked")
        #expect(report["outside"] == "notice one")
    }

    @Test(arguments: ["environment", "configuration"])
    func oneTargetDirectoryForAllIsExplainedAndLeftAlone(how: String) throws {
        let shared = directory.appending("shared")
        var settings: [String: String] = [:]
        if how == "environment" {
            settings["CARGO_TARGET_DIR"] = shared.string
        } else {
            try configure("[build]\ntarget-dir = \"\(shared)\"")
        }
        try workspace.build(.legacy, ["--all-targets"], settings: settings)
        let before = try TreeSnapshot(shared)
        let made = try runWT(
            ["new", "topic"], in: workspace.path, environment: workspace.environment.merging(settings) { $1 })
        #expect(made.status == 2)
        let path = directory.appending("repository.topic")
        #expect(made.text == "\(path)\n")
        #expect(made.errorText.contains("warning: all worktrees build in \(shared)"), "\(made.errorText)")
        #expect(try TreeSnapshot(shared).differences(from: before) == [])
        #expect(FileStatus.ifPresent(path.appending("target")) == nil)
        #expect(try workspace.repository.git("status", "--porcelain", in: path) == "")
    }
}
