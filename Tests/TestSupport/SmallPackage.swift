import ChildProcess
import FileTree
import SystemPackage

extension SmallWorkspace {
    /// A repository with these files and a lockfile, an hour old and committed on `main`; `topic` is a branch there on
    /// which `change` was made. `target` is ignored, and what `ignored` names. Nothing is built. Its program is to print
    /// `value: …`. Throws `TestFailure`.
    public static func package(
        _ files: [String: String], ignored: [String] = [], in directory: TemporaryDirectory,
        topic change: ((TestRepository, FilePath) throws -> Void)? = nil
    ) throws -> SmallWorkspace {
        let repository = try TestRepository(in: directory)
        try repository.write(".gitignore", (["/target"] + ignored).joined(separator: "\n") + "\n")
        if files["Cargo.toml"] == nil { try repository.write("Cargo.toml", manifest("app")) }
        for (name, text) in files { try repository.write(name, text) }
        let lock = try ChildProcess(
            "cargo", ["generate-lockfile", "--offline"], in: repository.path, environment: repository.environment
        ).run()
        guard lock.status == 0 else { throw TestFailure("cargo generate-lockfile:\n\(lock.errorText)") }
        try repository.commit("a package")
        try repository.branch("topic")
        if let change {
            let scratch = try repository.addWorktree("scratch", branch: "topic")
            try change(repository, scratch)
            try repository.commit("on topic", in: scratch)
            try repository.git("worktree", "remove", scratch.string)
        }
        try backdate(repository.path, excluding: [".git"])
        try repository.git("update-index", "-q", "--refresh")
        return SmallWorkspace(repository: repository)
    }

    /// A program and the library below it, by path: it prints `value: 0`, which `library/src/lib.rs` says. Nothing is
    /// built. Throws `TestFailure`.
    public static func programAndLibrary(in directory: TemporaryDirectory) throws -> SmallWorkspace {
        try package(
            [
                "src/main.rs": "fn main() { println!(\"value: {}\", library::value()); }\n",
                "library/Cargo.toml": manifest("library"),
                "library/src/lib.rs": "pub fn value() -> u32 { 0 }\n",
                "Cargo.toml": manifest("app", "[dependencies]\nlibrary = { path = \"library\" }\n[workspace]\n"),
            ], in: directory)
    }

    /// The manifest of a package, with `more` at its end.
    public static func manifest(_ name: String, _ more: String = "") -> String {
        "[package]\nname = \"\(name)\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\(more)"
    }
}
