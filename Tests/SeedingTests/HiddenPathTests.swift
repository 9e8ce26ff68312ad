import ChildProcess
import FileTree
import Seeding
import SystemPackage
import TestSupport
import Testing

/// A path of the donor that has got into a unit by a way of its own. What the program prints in a seeded worktree is
/// compared with what it prints when all is built there from nothing.
@Suite struct HiddenPathTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Whether a seeded worktree, whose path is longer than the donor's, says what a cold one says.
    private func expectSameAsCold(
        _ workspace: SmallWorkspace, _ arguments: [String] = [], location: SourceLocation = #_sourceLocation
    ) throws -> SeededWorktree {
        try workspace.build(.legacy, arguments)
        let seeded = try SeededWorktree(from: workspace, branch: "topic", name: "a-longer-name-than-the-donor")
        try workspace.build(in: seeded.path)
        let warm = try workspace.report(of: seeded.path)
        let removal = try ChildProcess(
            "rm", ["-r", seeded.path.appending("target").string], environment: workspace.environment
        ).run()
        #expect(removal.status == 0)
        try workspace.build(in: seeded.path)
        #expect(try workspace.report(of: seeded.path) == warm, sourceLocation: location)
        return seeded
    }

    private func script(_ generated: String) -> String {
        """
        fn main() {
            println!("cargo:rerun-if-changed=build.rs");
            let out = std::env::var("OUT_DIR").unwrap();
            let _here = std::env::var("CARGO_MANIFEST_DIR").unwrap();
            std::fs::write(out + "/made.rs", \(generated)).unwrap();
        }
        """
    }

    private let includesMade = "include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));\n"

    // MARK: The place of code that was generated

    @Test(arguments: [
        ("pub const FROM: &str = file!();", ""), ("pub fn from() -> &'static str { file ! () }", ""),
        ("pub fn from() -> &'static str { std::panic::Location::caller().file() }", ""),
        (
            "pub fn from() -> String { here() }",
            "#[track_caller] fn here() -> String { std::panic::Location::caller().to_string() }"
        ),
        ("pub fn from() -> &'static str { here!() }", "macro_rules! here { () => { file!() } }"),
    ])
    func generatedCodeThatAsksForItsPlace(generated: String, own: String) throws {
        let from = generated.contains("FROM") ? "FROM" : "from()"
        let program = own + "\n" + includesMade + "fn main() { println!(\"value: {}\", \(from)) }"
        let package = try SmallWorkspace.package(
            ["build.rs": script("r#\"\(generated)\"#"), "src/main.rs": program], in: directory)
        let seeded = try expectSameAsCold(package)
        #expect(seeded.reason("app bin-app") != nil)
    }

    /// Not a byte of it is in the program.
    @Test func generatedCodeThatCountsItsPath() throws {
        let program = includesMade + "fn main() { println!(\"value: {}\", LENGTH) }"
        let package = try SmallWorkspace.package(
            ["build.rs": script("\"pub const LENGTH: usize = file!().len();\""), "src/main.rs": program],
            in: directory)
        let seeded = try expectSameAsCold(package)
        #expect(seeded.reason("app bin-app") != nil)
    }

    /// A panic message has the path of the generated code, which nobody but its reader gets.
    @Test func generatedCodeThatCanPanicIsTaken() throws {
        let generated = "pub fn third(of: &[u8]) -> u8 { of[2] }"
        let program = """
            \(includesMade)
            fn main() {
                let v: Vec<u8> = std::env::args().map(|_| 1).chain([2, 3]).collect();
                println!("value: {} {}", third(&v), file!())
            }
            """
        let package = try SmallWorkspace.package(
            ["build.rs": script("\"\(generated)\""), "src/main.rs": program], in: directory)
        let seeded = try expectSameAsCold(package)
        #expect(seeded.report.cold.isEmpty, "\(seeded.report.cold)")
    }

    // MARK: Variables that include, and do something else

    /// A member `user` with an honest inclusion and a length that comes from elsewhere.
    private func user(_ length: String, _ more: [String: String] = [:]) throws -> SmallWorkspace {
        let files = [
            "Cargo.toml": "[workspace]\nmembers = [\"user\", \"dep\"]\nresolver = \"2\"\n",
            "dep/Cargo.toml": SmallWorkspace.manifest("dep"),
            "dep/src/lib.rs": """
            #[macro_export] macro_rules! root_len { () => { env!("CARGO_MANIFEST_DIR").len() } }
            """,
            "user/Cargo.toml": SmallWorkspace.manifest(
                "app", "[dependencies]\ndep = { path = \"../dep\" }\n"),
            "user/note.txt": "note",
            "user/src/main.rs": """
            const NOTE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/note.txt"));
            macro_rules! length_of_include { ($e:expr) => { $e.len() } }
            const N: usize = \(length);
            fn main() { let _ = length_of_include!(""); println!("value: {N} {NOTE}") }
            """,
        ]
        return try SmallWorkspace.package(files.merging(more) { $1 }, in: directory)
    }

    @Test(arguments: [
        "dep::root_len!()", "include!(\"len.inc\")", "env!(concat!(\"CARGO_MANIFEST\", \"_DIR\")).len()",
        "length_of_include!(env!(\"CARGO_MANIFEST_DIR\"))",
    ])
    func aVariableThatIsIncludedHereAndFoldedThere(length: String) throws {
        let more = ["user/src/len.inc": "env!(\"CARGO_MANIFEST_DIR\").len()"]
        let seeded = try expectSameAsCold(try user(length, more))
        #expect(seeded.reason("app bin-app") == .environment(variable: "CARGO_MANIFEST_DIR"))
    }

    /// The macro of another member is harmless, and so is its own plain use of the variable at run time.
    @Test(arguments: ["NOTE.len()", "dep::text!(\"/note.txt\").len()"])
    func aVariableThatOnlyIncludesIsTaken(length: String) throws {
        let dep = """
            #[macro_export] macro_rules! text {
                ($name:literal) => { include_str!(concat!(env!("CARGO_MANIFEST_DIR"), $name)) }
            }
            pub fn here() -> Option<String> { std::env::var("CARGO_MANIFEST_DIR").ok() }
            """
        let seeded = try expectSameAsCold(try user(length, ["dep/src/lib.rs": dep]))
        #expect(seeded.report.cold.isEmpty, "\(seeded.report.cold)")
    }

    /// What is generated lies below the root package, but was not included by its directory.
    @Test func aRootPackageThatIncludesByOutDir() throws {
        let package = try SmallWorkspace.package(
            [
                "Cargo.toml": SmallWorkspace.manifest("app", "[dependencies]\ndep = { path = \"dep\" }\n[workspace]\n"),
                "dep/Cargo.toml": SmallWorkspace.manifest("dep"),
                "dep/src/lib.rs": "#[macro_export] macro_rules! n { () => { env!(\"CARGO_MANIFEST_DIR\").len() } }\n",
                "build.rs": script("\"pub const ONE: usize = 1;\""),
                "src/main.rs": includesMade
                    + "const N: usize = dep::n!(); fn main() { println!(\"value: {}\", N + ONE) }",
            ], in: directory)
        let seeded = try expectSameAsCold(package)
        #expect(seeded.reason("app bin-app") == .environment(variable: "CARGO_MANIFEST_DIR"))
    }

    // MARK: Paths that lead to the worktree without beginning as it does

    /// The manifest's path through a symlink above the worktree; the build directory is named without it.
    private func throughLink(_ files: [String: String]) throws -> (SmallWorkspace, [String]) {
        let package = try SmallWorkspace.package(
            files.merging([".cargo/config.toml": "[build]\ntarget-dir = \"target\"\n"]) { $1 }, in: directory)
        let link = directory.appending("link")
        let made = try ChildProcess("ln", ["-s", ".", link.string], environment: package.environment).run()
        #expect(made.status == 0)
        return (package, ["--manifest-path", link.appending("repository/Cargo.toml").string])
    }

    @Test func aDonorBuiltThroughASymlinkAboveIt() throws {
        let program = """
            fn main() {
                let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs");
                println!("value: {} {}", file, std::fs::read_to_string(file).is_ok())
            }
            """
        let (package, arguments) = try throughLink(["src/main.rs": program])
        let seeded = try expectSameAsCold(package, arguments)
        #expect(seeded.reason("app bin-app") == .environment(variable: "CARGO_MANIFEST_DIR"))
    }

    @Test func aScriptThatWasRunThroughASymlinkAboveIt() throws {
        let script = """
            fn main() {
                println!("cargo:rerun-if-changed=build.rs");
                println!("cargo:rustc-env=DATA={}/note.txt", std::env::var("CARGO_MANIFEST_DIR").unwrap());
            }
            """
        let (package, arguments) = try throughLink([
            "build.rs": script, "src/main.rs": "fn main() { println!(\"value: {}\", env!(\"DATA\")) }", "note.txt": "",
        ])
        let seeded = try expectSameAsCold(package, arguments)
        #expect(seeded.reason("app run-build-script-build-script-build") != nil)
    }

    /// With a target directory elsewhere the build directory, and all that is known of the worktree, has another name.
    @Test func aTestThatRunsAProgramElsewhere() throws {
        let package = try SmallWorkspace.package(
            [
                ".cargo/config.toml": "[build]\nbuild-dir = \"target\"\n",
                "src/main.rs": "fn main() { println!(\"value: 0\") }",
                "tests/it.rs": "#[test] fn runs() { assert!(!env!(\"CARGO_BIN_EXE_app\").is_empty()) }",
            ], in: directory)
        try package.build(.legacy, ["--all-targets", "--target-dir", directory.appending("out").string])
        let seeded = try SeededWorktree(from: package, branch: "topic")
        #expect(seeded.reason("app test-integration-test-it") == .environment(variable: "CARGO_BIN_EXE_app"))
        #expect(seeded.reason("app bin-app") == nil)
    }

    // MARK: Escapes

    @Test func aGeneratedPathThatIsEscaped() throws {
        let odd = directory.appending("re\u{301}po \"quoted\"")
        try makeDirectories(odd)
        let package = try SmallWorkspace.package(
            [
                "build.rs": script("format!(\"pub const HERE: &str = {:?};\", _here)"),
                "src/main.rs": includesMade + "fn main() { println!(\"value: {HERE}\") }",
            ], in: TemporaryDirectory(in: odd))
        let seeded = try expectSameAsCold(package)
        #expect(seeded.reason("app run-build-script-build-script-build") != nil)
    }
}
