import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Several cargo workspaces in one repository, and the settings that say where they are built.
@Suite struct SeveralWorkspacesTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let places = ["", "rust", "src-tauri", "fuzz"]

    /// One workspace in the root, which excludes `fuzz`, and three below: `rust` with a member, `src-tauri` that says it
    /// is one of its own, and `fuzz`, a package that says nothing. All have a `src/main.rs`, which prints where it is.
    private func repository(
        _ more: [String: String] = [:], topic change: ((TestRepository, FilePath) throws -> Void)? = nil
    ) throws -> SmallWorkspace {
        func program(_ value: String) -> String { "fn main() { println!(\"value: {}\", \"\(value)\"); }" }
        var files = [
            "Cargo.toml": SmallWorkspace.manifest(
                "app", "[workspace]\nexclude = [\"fuzz\", \"rust\", \"src-tauri\"]\n"),
            "src/main.rs": program("root"),
            "rust/Cargo.toml": SmallWorkspace.manifest("rusty", "[workspace]\nmembers = [\"member\"]\n"),
            "rust/src/main.rs": program("rust"),
            "rust/member/Cargo.toml": SmallWorkspace.manifest("member"),
            "rust/member/src/lib.rs": "pub fn member() {}",
            "src-tauri/Cargo.toml": SmallWorkspace.manifest("tauri", "[workspace]\n"),
            "src-tauri/src/main.rs": program("src-tauri"),
            "fuzz/Cargo.toml": SmallWorkspace.manifest("fuzzing"),
            "fuzz/src/main.rs": program("fuzz"),
        ]
        files.merge(more) { $1 }
        return try SmallWorkspace.package(
            files, ignored: ["target", "build-dir", "Cargo.lock", "/scratch"], in: directory, topic: change)
    }

    private func build(
        _ workspace: SmallWorkspace, _ worktree: FilePath, _ place: String, _ settings: [String: String] = [:]
    ) throws -> CargoLog {
        let root = place.isEmpty ? worktree : worktree.appending(place)
        return try workspace.build(.legacy, ["--all-targets"], in: root, settings: settings).log
    }

    private func allAreWarm(
        _ workspace: SmallWorkspace, _ settings: [String: String] = [:], places: [String] = places
    ) throws -> MadeWorktree {
        for place in places { #expect(try !build(workspace, workspace.path, place, settings).compiledNothing) }
        let before = try TreeSnapshot(workspace.path, excluding: [".git"])
        let made = try MadeWorktree(
            "made", in: workspace.path, environment: workspace.environment.merging(settings) { $1 })
        #expect(made.answer.seed.cold.isEmpty && made.answer.notes == [], "\(made.coldReasons) \(made.answer.notes)")
        for place in places { #expect(try build(workspace, made.path, place, settings).compiledNothing, "\(place)") }
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: before) == [])
        return made
    }

    @Test func allThatAreTrackedAreWarmAndNoOther() throws {
        let workspace = try repository()
        try workspace.repository.write("scratch/Cargo.toml", SmallWorkspace.manifest("scratch", "[workspace]\n"))
        try workspace.repository.write("scratch/src/lib.rs", "")
        #expect(try !build(workspace, workspace.path, "scratch").compiledNothing)
        let made = try allAreWarm(workspace)
        for (place, program) in [("", "app"), ("rust", "rusty"), ("src-tauri", "tauri"), ("fuzz", "fuzzing")] {
            let path = made.path.pushing(FilePath(place)).pushing("target/debug").appending(program)
            let run = try ChildProcess(path.string, [], environment: [:]).run()
            #expect(run.text == "value: \(place.isEmpty ? "root" : place)\n")
        }
        #expect(FileStatus.ifPresent(made.path.appending("scratch")) == nil)
    }

    /// The setting is in the repository, so that all workspaces of a worktree build in one directory.
    @Test func allInOneBuildDirectoryAreWarm() throws {
        let workspace = try repository(
            [".cargo/config.toml": "[build]\ntarget-dir = \"build-dir\"\n"],
            topic: { repository, scratch in
                let text = "fn main() { println!(\"value: {}\", \"of topic\"); }"
                try repository.write("fuzz/src/main.rs", text, in: scratch)
            })
        _ = try allAreWarm(workspace)
        // What is different in one of them is cold for that one alone.
        let topic = try MadeWorktree("topic", from: workspace)
        #expect(topic.coldByThemselves == ["fuzzing bin-fuzzing", "fuzzing test-bin-fuzzing"], "\(topic.coldReasons)")
        for place in Self.places {
            let log = try build(workspace, topic.path, place)
            #expect(log.compiledNames == (place == "fuzz" ? ["fuzzing"] : []), "\(place)")
        }
        let programs = topic.path.appending("build-dir/debug")
        for (name, value) in [("app", "root"), ("fuzzing", "of topic"), ("rusty", "rust")] {
            let run = try ChildProcess(programs.appending(name).string, [], environment: [:]).run()
            #expect(run.text == "value: \(value)\n")
        }
    }

    /// Packages at the same place in two workspaces, one of which has the other's name in its own: their files must not be
    /// taken for each other's.
    @Test func twoWorkspacesWithLikePackages() throws {
        func program(_ value: String) -> String { "fn main() { println!(\"value: {}\", \"\(value)\"); }" }
        let members = "[workspace]\nmembers = [\"crates/api\"]\nresolver = \"2\"\n"
        let workspace = try SmallWorkspace.package(
            [
                ".cargo/config.toml": "[build]\ntarget-dir = \"target\"\n",
                "Cargo.toml": members + "exclude = [\"tools\"]\n", "tools/Cargo.toml": members,
                "crates/api/Cargo.toml": SmallWorkspace.manifest("acme-api"),
                "crates/api/src/main.rs": program("acme"),
                "tools/crates/api/Cargo.toml": SmallWorkspace.manifest("api"),
                "tools/crates/api/src/main.rs": program("one"),
            ], ignored: ["Cargo.lock"], in: directory
        ) { repository, path in
            try repository.write("tools/crates/api/src/main.rs", program("two"), in: path)
        }
        for place in ["", "tools"] { #expect(try !build(workspace, workspace.path, place).compiledNothing) }
        try workspace.repository.git("branch", "--move", "topic", "two")
        let present = try PresentWorktree(workspace, .legacy, at: "two")
        let answer = try present.seed()
        #expect(answer.unitsTaken > 0)
        for place in ["", "tools"] { _ = try build(workspace, present.path, place) }
        for (name, value) in [("acme-api", "acme"), ("api", "two")] {
            let run = try ChildProcess(present.target.appending("debug/\(name)").string, [], environment: [:]).run()
            #expect(run.text == "value: \(value)\n", "\(answer.coldReasons)")
        }
    }

    /// A setting of its own in one of the workspaces below, which asking cargo about the root alone would not find.
    @Test func aSettingForOneOfThemIsFound() throws {
        let workspace = try repository(["fuzz/.cargo/config.toml": "[build]\ntarget-dir = \"build-dir\"\n"])
        let made = try allAreWarm(workspace)
        #expect(FileStatus.ifPresent(made.path.appending("fuzz/build-dir/debug")) != nil)
        #expect(FileStatus.ifPresent(made.path.appending("fuzz/target")) == nil)
    }

    /// Relative to where cargo is started.
    @Test(arguments: ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_BUILD_DIR"])
    func aRelativePathInTheEnvironment(name: String) throws {
        let workspace = try repository()
        let made = try allAreWarm(workspace, [name: "build-dir"], places: ["", "src-tauri"])
        #expect(FileStatus.ifPresent(made.path.appending("build-dir/debug/deps")) != nil)
        #expect(FileStatus.ifPresent(made.path.appending("src-tauri/build-dir/debug/deps")) != nil)
        #expect(FileStatus.ifPresent(made.path.appending("target/debug/deps")) == nil)
    }

    @Test(arguments: ["{workspace-root}/build-dir", "{cargo-cache-home}/builds/{workspace-path-hash}"])
    func aTemplate(setting: String) throws {
        let workspace = try repository([".cargo/config.toml": "[build]\nbuild-dir = \"\(setting)\"\n"])
        let made = try allAreWarm(workspace, places: ["", "fuzz"])
        #expect(FileStatus.ifPresent(made.path.appending("target/debug/deps")) == nil)
    }

    /// Each call of cargo is a line in `calls`.
    @Test func cargoIsAskedOnlyWhereASettingIsInPlay() throws {
        let workspace = try repository()
        #expect(try !build(workspace, workspace.path, "").compiledNothing)
        let calls = directory.appending("calls")
        let recorder = directory.appending("bin/cargo")
        let path = workspace.environment["PATH"] ?? ""
        try makeProgram(recorder, "#!/bin/sh\necho \"$*\" >> '\(calls)'\nPATH='\(path)' exec cargo \"$@\"\n")
        var environment = workspace.environment
        environment["PATH"] = "\(recorder.removingLastComponent()):\(path)"
        let made = try MadeWorktree("made", in: workspace.path, environment: environment)
        #expect(made.answer.seed.unitsLinked + made.answer.seed.unitsCopied > 0)
        #expect(FileStatus.ifPresent(calls) == nil)

        environment["CARGO_TARGET_DIR"] = "target"
        _ = try MadeWorktree("asked", in: workspace.path, environment: environment)
        let lines = String(decoding: try readFile(calls), as: UTF8.self).split(separator: "\n")
        #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix("metadata --no-deps --offline") }, "\(lines)")
    }
}
