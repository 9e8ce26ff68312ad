import ChildProcess
import FileTree
import Seeding
import SystemPackage
import TestSupport
import Testing

/// What the compiler took in without leaving a byte of it, or a line about it.
@Suite struct HiddenInputTests {
    private func workspace(
        macro body: String, _ more: [String: String] = [:], ignored: [String] = [], in directory: TemporaryDirectory,
        topic: ((TestRepository, FilePath) throws -> Void)? = nil
    ) throws -> SmallWorkspace {
        let files = [
            "Cargo.toml": "[workspace]\nmembers = [\"app\", \"look\", \"pass-on\"]\nresolver = \"2\"\n",
            "look/Cargo.toml": SmallWorkspace.manifest("look", "[lib]\nproc-macro = true\n"),
            "look/src/lib.rs": """
            use proc_macro::TokenStream;
            #[proc_macro]
            pub fn look(_: TokenStream) -> TokenStream {
                \(body)
            }
            """,
            "pass-on/Cargo.toml": SmallWorkspace.manifest("pass-on", "[dependencies]\nlook = { path = \"../look\" }\n"),
            "pass-on/src/lib.rs": "pub use look::look;",
            "app/Cargo.toml": SmallWorkspace.manifest("app", "[dependencies]\npass-on = { path = \"../pass-on\" }\n"),
            "app/src/main.rs": "fn main() { println!(\"value: {}\", pass_on::look!()) }",
        ]
        return try SmallWorkspace.package(files.merging(more) { $1 }, ignored: ignored, in: directory, topic: topic)
    }

    /// As `embed_migrations!` does: how many files there are in a directory of the package.
    private let countOfMigrations = """
        let count = std::fs::read_dir("app/migrations").unwrap().count();
        format!("{count}").parse().unwrap()
        """

    @Test func aMacroThatListsADirectory() throws {
        let directory = try TemporaryDirectory()
        let workspace = try workspace(macro: countOfMigrations, ["app/migrations/1.sql": ""], in: directory) {
            repository, path in
            try repository.write("app/migrations/2.sql", "", in: path)
        }
        let (value, seeded) = try workspace.valueWhenSeeded()
        #expect(value == "2")
        #expect(seeded.reason("app bin-app") != nil)
        #expect(seeded.reason("look lib-look") == nil)
    }

    /// Where nothing differs there is nothing for it to see.
    @Test func aMacroThatListsADirectoryOfTheSameCommitIsTaken() throws {
        let directory = try TemporaryDirectory()
        let workspace = try workspace(macro: countOfMigrations, ["app/migrations/1.sql": ""], in: directory)
        let (value, seeded) = try workspace.valueWhenSeeded()
        #expect(value == "1")
        #expect(seeded.request.sources.isComplete)
        #expect(seeded.report.cold.isEmpty, "\(seeded.report.cold)")
    }

    /// A hook has made it, or the user: the donor has not got it.
    @Test(arguments: [".env", "app/migrations/2.sql"]) func aMacroThatReadsWhatIsHereAlone(_ name: String) throws {
        let directory = try TemporaryDirectory()
        let body = """
            let count = std::fs::read_dir("app/migrations").unwrap().count();
            let text = std::fs::read_to_string(".env").unwrap_or("none".into());
            format!("\\"{count} {text}\\"").parse().unwrap()
            """
        let workspace = try workspace(
            macro: body, ["app/migrations/1.sql": ""], ignored: [".env", "2.sql"], in: directory)
        try workspace.build()
        let seeded = try SeededWorktree(from: workspace) { request in
            try workspace.repository.write(name, "mine", in: request.recipient.worktree)
        }
        try workspace.build(in: seeded.path)
        #expect(try workspace.report(of: seeded.path)["value"] == (name == ".env" ? "1 mine" : "2 none"))
        #expect(seeded.reason("app bin-app") != nil)
    }

    /// What it has written is missing where it does not run.
    @Test(arguments: [
        "std::fs::create_dir_all(\"made\").unwrap(); std::fs::write(\"made/value.css\", \"a\").unwrap();",
        """
        use std::io::Write; let _ = std::fs::create_dir("made");
        std::fs::File::create("made/value.css").unwrap().write_all(b"a").unwrap();
        """,
    ])
    func aMacroThatWrites(statements: String) throws {
        let directory = try TemporaryDirectory()
        let workspace = try workspace(macro: "\(statements) \"1\".parse().unwrap()", ignored: ["/made"], in: directory)
        let (_, seeded) = try workspace.valueWhenSeeded()
        #expect(FileStatus.ifPresent(seeded.path.appending("made/value.css")) != nil)
        #expect(seeded.reason("app bin-app") != nil)
    }

    /// Nothing shows that a macro which asks for the path does no more with it than look for its files.
    @Test(arguments: ["m.len()", "std::fs::read_dir(m).unwrap().count()"])
    func aMacroThatListsADirectoryByThePackagesPath(expression: String) throws {
        let directory = try TemporaryDirectory()
        let body = """
            let m = std::env::var("CARGO_MANIFEST_DIR").unwrap() + "/migrations";
            let _ = std::fs::read_dir(&m).unwrap().count();
            format!("{}", \(expression)).parse().unwrap()
            """
        let workspace = try workspace(macro: body, ["app/migrations/1.sql": ""], in: directory)
        let (value, seeded) = try workspace.valueWhenSeeded(at: "a-longer-name-than-the-donor")
        let path = seeded.path.appending("app/migrations").string
        #expect(value == (expression == "m.len()" ? "\(path.utf8.count)" : "1"))
        #expect(seeded.reason("app bin-app") == .macroReadsWorktree(macro: "look"))
        #expect(seeded.reason("look lib-look") == nil)
    }

    /// The donor's own unit is out of date then, and cargo does not know.
    @Test func aMacroWhoseDirectoryHasChangedSinceTheBuild() throws {
        let directory = try TemporaryDirectory()
        let workspace = try workspace(macro: countOfMigrations, ["app/migrations/1.sql": ""], in: directory)
        try workspace.build()
        try workspace.repository.write("app/migrations/2.sql", "")
        try workspace.repository.commit("another migration")
        try workspace.repository.git("branch", "--force", "topic", "main")
        #expect(try workspace.report()["value"] == "1")
        let seeded = try SeededWorktree(from: workspace, branch: "topic")
        try workspace.build(in: seeded.path)
        #expect(try workspace.report(of: seeded.path)["value"] == "2")
    }

    @Test(arguments: [
        "std::fs::read_to_string(\".env\").unwrap_or_default()",
        "std::process::Command::new(\"cat\").arg(\".env\").output().map(|o| String::from_utf8(o.stdout).unwrap()).unwrap()",
        "{ std::path::Path::new(\".env\").exists() }", "{ std::path::Path::new(\".env\").is_file() }",
        "{ use std::io::Read; let mut s = String::new(); let _ = std::fs::File::open(\".env\").map(|mut f| f.read_to_string(&mut s)); s }",
    ])
    func aMacroThatReadsAnIgnoredFile(expression: String) throws {
        let directory = try TemporaryDirectory()
        let workspace = try workspace(
            macro: "format!(\"{:?}\", \(expression)).parse().unwrap()", ignored: [".env"], in: directory)
        try workspace.repository.write(".env", "of the donor")
        let isThere = expression.contains("Path::new")
        #expect(try workspace.valueWhenSeeded().value == (isThere ? "false" : ""))
    }

    /// No byte of the path is in the program, and the dep-info does not know of the variable.
    @Test func aMacroThatCountsThePath() throws {
        let directory = try TemporaryDirectory()
        let body = """
            let path = std::env::var("CARGO_MANIFEST_DIR").unwrap();
            format!("{}", path.len()).parse().unwrap()
            """
        let (value, seeded) = try workspace(macro: body, in: directory).valueWhenSeeded(
            at: "a-longer-name-than-the-donor")
        #expect(value == "\(seeded.path.appending("app").string.utf8.count)")
    }

    /// A build from nothing is an error (E0761), which cargo does not look for where the file it knows is as it was.
    @Test(arguments: [("src/part.rs", "src/part/mod.rs"), ("src/part/mod.rs", "src/part.rs")])
    func aModuleThatHasASecondFileHere(_ file: String, _ other: String) throws {
        let directory = try TemporaryDirectory()
        let files = [
            file: "pub fn value() -> u8 { 1 }", "src/lone.rs": "",
            "src/main.rs": "mod lone; mod part; fn main() { println!(\"value: {}\", part::value()) }",
        ]
        let package = try SmallWorkspace.package(files, in: directory) { repository, path in
            try repository.write(other, "pub fn value() -> u8 { 2 }", in: path)
        }
        try package.build()
        let seeded = try SeededWorktree(from: package)
        #expect(seeded.reason("app bin-app") == .sourceDiffers(path: other))
        let failure = #expect(throws: TestFailure.self) { try package.build(in: seeded.path) }
        #expect(failure.map { "\($0)".contains("E0761") } == true, "\(failure as Any)")
    }

    /// The ordinary kind of macro costs nothing.
    @Test func aMacroThatOnlyLooksAtItsTokensIsTaken() throws {
        let directory = try TemporaryDirectory()
        let (value, seeded) = try workspace(
            macro: "format!(\"{:?}\", std::env::var(\"CARGO_PKG_NAME\").unwrap()).parse().unwrap()", in: directory
        ).valueWhenSeeded()
        #expect(value == "app")
        #expect(seeded.report.cold.isEmpty, "\(seeded.report.cold)")
    }

    /// The variable serves to include a file, which is harmless, and for something else too.
    @Test(arguments: ["{ const N: usize = env!(\"OUT_DIR\").len(); N }", "concat!(env!(\"OUT_DIR\"), \"/made.rs\")"])
    func aVariableThatIsIncludedAndFolded(expression: String) throws {
        let directory = try TemporaryDirectory()
        let script = """
            fn main() {
                println!("cargo:rerun-if-changed=build.rs");
                std::fs::write(std::env::var("OUT_DIR").unwrap() + "/made.rs", "pub fn made() -> u8 { 0 }").unwrap();
            }
            """
        let program = """
            include!(concat!(env!("OUT_DIR"), "/made.rs"));
            fn main() { made(); println!("value: {}", \(expression)) }
            """
        let package = try SmallWorkspace.package(["build.rs": script, "src/main.rs": program], in: directory)
        let (value, seeded) = try package.valueWhenSeeded(at: "a-longer-name-than-the-donor")
        let donor = try #require(package.report()["value"])
        let expected = donor.replacing(package.path.string, with: "HERE")
        let longer = Int(donor).map { "\($0 + seeded.path.string.utf8.count - package.path.string.utf8.count)" }
        #expect(value == longer ?? expected)
        #expect(seeded.reason("app bin-app") != nil)
    }

    /// `--manifest-path` through a symlink: cargo takes the path as it is given.
    @Test func aDonorThatWasBuiltThroughASymlink() throws {
        let directory = try TemporaryDirectory()
        let package = try SmallWorkspace.package(
            ["src/main.rs": "fn main() { println!(\"value: {}\", env!(\"CARGO_MANIFEST_DIR\")) }"], in: directory)
        let link = directory.appending("link")
        let made = try ChildProcess("ln", ["-s", package.path.string, link.string], environment: package.environment)
            .run()
        #expect(made.status == 0)
        try package.build(.legacy, ["--manifest-path", link.appending("Cargo.toml").string])
        #expect(try package.report()["value"] == link.string)
        let seeded = try SeededWorktree(from: package, branch: "topic")
        try package.build(in: seeded.path)
        #expect(try package.report(of: seeded.path)["value"] == seeded.path.string)
    }
}
