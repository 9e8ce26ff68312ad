import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport

/// A tiny built repository for commands that go wrong hundreds of times, and a copy of it to start from each time. In a
/// directory of its own, `scene`:
///
///     repository    a program over a member with a build script, over a crate of the registry; built. `README` has an
///                   edit that is not committed, and there are files that git does not have.
///     topic         a branch there, on which the program's own source differs, and nothing else
///
/// All is small: debug information and symbols are left out of what is built.
final class FaultPlace {
    private let directory: TemporaryDirectory
    let scene: FilePath
    let workspace: SmallWorkspace
    let faults: Faults
    private var saved: FilePath { directory.appending("saved") }
    /// What stood in `scene` when it was saved or brought back.
    private(set) var start: TreeSnapshot
    /// The user's own files that git does not have, wherever they are.
    var files: [FilePath]

    var repository: TestRepository { workspace.repository }
    var environment: [String: String] { workspace.environment }

    init() throws {
        directory = try TemporaryDirectory()
        scene = directory.appending("scene")
        let repository = try TestRepository(in: directory, name: "scene/repository")
        workspace = SmallWorkspace(repository: repository)
        try repository.write(
            "../../.cargo/config.toml",
            """
            [source.crates-io]
            replace-with = "own"
            [source.own]
            directory = "\(directory.appending("registry"))"

            """)
        for (name, text) in Self.crate { try repository.write("../../registry/named/\(name)", text) }
        for (name, text) in Self.sources { try repository.write(name, text) }
        let lock = try ChildProcess(
            "cargo", ["generate-lockfile", "--offline"], in: repository.path, environment: repository.environment
        ).run()
        guard lock.status == 0 else { throw TestFailure("cargo generate-lockfile:\n\(lock.errorText)") }
        try repository.commit("a program")
        try repository.branch("topic")
        let other = try repository.addWorktree("other", branch: "topic")
        try repository.write("src/main.rs", Self.program("topic"), in: other)
        try repository.commit("on topic", in: other)
        try repository.git("worktree", "remove", other.string)
        // The first deletion of a reference makes the file packed-refs.
        try repository.git("branch", "first")
        try repository.git("branch", "-D", "first")
        try repository.write("README", "an edit\n")
        files = [try repository.write("draft.txt", "a draft\n"), try repository.write("notes.local", "notes\n")]
        files.append(repository.path.appending("README"))
        try backdate(directory.path.appending("registry"))
        try backdate(repository.path, excluding: [".git"])
        try repository.git("update-index", "-q", "--refresh")
        try workspace.build()
        faults = try Faults(below: scene, in: directory.path)
        start = try TreeSnapshot(scene)
    }

    private static func program(_ branch: String) -> String {
        "fn main() { println!(\"value: \(branch) {}\", below::value()); }\n"
    }

    /// What stands for a crate of the registry.
    private static let crate = [
        "Cargo.toml": SmallWorkspace.manifest("named").replacing("0.1.0", with: "1.0.0"),
        "src/lib.rs": "pub fn value() -> &'static str { \"of the registry\" }\n",
        ".cargo-checksum.json": #"{"files":{},"package":null}"#,
    ]

    private static let sources = [
        "Cargo.toml": """
        [workspace]
        members = ["below"]
        [package]
        name = "app"
        version = "0.1.0"
        edition = "2021"
        [dependencies]
        below = { path = "below" }
        [profile.dev]
        debug = 0
        strip = "symbols"
        incremental = false
        [profile.dev.build-override]
        strip = "symbols"

        """,
        "src/main.rs": program("main"),
        "below/Cargo.toml": SmallWorkspace.manifest("below", "[dependencies]\nnamed = \"1\"\n"),
        "below/build.rs": """
        fn main() {
            println!("cargo:rerun-if-changed=build.rs");
            let place = std::path::PathBuf::from(std::env::var("OUT_DIR").unwrap());
            std::fs::write(place.join("made.rs"), "pub fn made() -> u8 { 7 }").unwrap();
        }

        """,
        "below/src/lib.rs": """
        include!(concat!(env!("OUT_DIR"), "/made.rs"));
        pub fn value() -> String { format!("{} {}", made(), named::value()) }

        """,
        "README": "a program\n",
        ".gitignore": "/target\n*.local\n",
    ]

    /// A path in the scene.
    func path(_ name: String) -> FilePath { scene.appending(name) }

    /// A file of the user's that git ignores.
    func keep(_ name: String) throws {
        files.append(try repository.write(name, "the user's\n", in: scene))
    }

    /// Where `wt` tells the shell where to go.
    var goFile: FilePath { directory.appending("go") }

    /// As the shell's function does before it runs `wt`.
    func forgetWhereToGo() throws { try removeTree(goFile) }

    // MARK: Again and again

    /// Takes what stands there now as what each attempt starts from.
    func save() throws {
        try run(["cp", "-a", scene.string, saved.string])
        try restore()
    }

    /// Brings that back.
    func restore() throws {
        try run(["rm", "-rf", scene.string])
        try run(["cp", "-a", saved.string, scene.string])
        for worktree in try Invariants.worktrees(of: repository) where FileStatus.ifPresent(worktree) != nil {
            _ = try repository.attempt(["update-index", "-q", "--refresh"], in: worktree)
        }
        start = try TreeSnapshot(scene)
    }

    @discardableResult
    func run(_ words: [String]) throws -> ChildProcess.Outcome {
        let outcome = try ChildProcess(words[0], Array(words.dropFirst()), environment: environment).run()
        guard outcome.status == 0 else { throw TestFailure("\(words): \(outcome.errorText)") }
        return outcome
    }
}
