import FileTree
import Seeding
import SystemPackage
import TestSupport
import Testing

/// Build scripts that take or leave something cargo does not watch: each case made the new worktree differ from one
/// built from nothing.
@Suite struct BuildScriptTests {
    private let run = "app run-build-script-build-script-build"
    private let includesOutput = """
        fn main() { println!("value: {}", include_str!(concat!(env!("OUT_DIR"), "/value.txt")).trim()) }
        """

    private func script(_ body: String) -> String {
        """
        use std::{env, fs, path::PathBuf};
        fn main() {
            let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
            let _ = &out;
            \(body)
        }
        """
    }

    private let listing = """
        let mut names: Vec<_> = fs::read_dir("data").unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        fs::write(out.join("value.txt"), names.join(",")).unwrap();
        """

    /// Cargo looks for a newer file only.
    @Test(arguments: TestSupport.Layout.allCases)
    func aFileDeletedOnTheBranchUnderAScriptThatNamesNoFile(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let package = try SmallWorkspace.package(
            ["build.rs": script(listing), "src/main.rs": includesOutput, "data/a": "", "data/b": ""], in: directory
        ) { repository, path in
            try repository.git("rm", "--quiet", "data/b", in: path)
        }
        let (value, seeded) = try package.valueWhenSeeded(layout)
        #expect(value == "a")
        #expect(seeded.reason(run) == .sourceDiffers(path: "data/b"))
    }

    /// A file that git does not track is in the donor's output only.
    @Test func anUntrackedFileUnderAScriptThatNamesNoFile() throws {
        let directory = try TemporaryDirectory()
        let package = try SmallWorkspace.package(
            ["build.rs": script(listing), "src/main.rs": includesOutput, "data/a": ""], ignored: ["data/b"],
            in: directory)
        try package.repository.write("data/b", "")
        try backdate(package.path.appending("data"))
        #expect(try package.valueWhenSeeded().value == "a")
    }

    /// The donor's program still lists what is gone there: a directory's mtime is all that tells.
    @Test func aFileDeletedInTheDonorAfterItsBuild() throws {
        let directory = try TemporaryDirectory()
        let package = try SmallWorkspace.package(
            ["build.rs": script(listing), "src/main.rs": includesOutput, "data/a": "", "data/b": ""], in: directory)
        try package.build()
        try package.repository.git("rm", "--quiet", "data/b")
        try package.repository.commit()
        try package.repository.git("branch", "--force", "topic")
        let (value, seeded) = try package.valueWhenSeeded()
        #expect(value == "a")
        #expect(seeded.reason(run) == .sourceDiffers(path: "data"))
    }

    /// One `rerun-if-env-changed` (the `cc` crate prints several), and cargo watches no file at all.
    @Test(arguments: ["one", nil]) func aScriptThatNamesOnlyVariables(changed: String?) throws {
        let directory = try TemporaryDirectory()
        let body = """
            println!("cargo:rerun-if-env-changed=NEVER_SET");
            let mut text = fs::read_to_string("value.txt").unwrap();
            if let Ok(more) = fs::read_to_string("more.txt") { text += &more }
            fs::write(out.join("value.txt"), text).unwrap();
            """
        let package = try SmallWorkspace.package(
            ["build.rs": script(body), "src/main.rs": includesOutput, "value.txt": "zero"], in: directory
        ) { repository, path in
            try repository.write(changed == nil ? "more.txt" : "value.txt", changed ?? "+ more", in: path)
        }
        #expect(try package.valueWhenSeeded().value == changed ?? "zero+ more")
    }

    /// The crate would be compiled without the file, since only the script's run is fresh.
    @Test func aScriptThatWritesAnIgnoredSourceFile() throws {
        let directory = try TemporaryDirectory()
        let body = """
            println!("cargo:rerun-if-changed=value.txt");
            let line = format!("pub const VALUE: &str = {:?};", fs::read_to_string("value.txt").unwrap());
            if fs::read_to_string("src/made.rs").ok().as_ref() != Some(&line) { fs::write("src/made.rs", line).unwrap() }
            """
        let package = try SmallWorkspace.package(
            [
                "build.rs": script(body), "value.txt": "seven",
                "src/main.rs": "mod made; fn main() { println!(\"value: {}\", made::VALUE) }",
            ], ignored: ["made.rs"], in: directory)
        let (value, seeded) = try package.valueWhenSeeded()
        #expect(value == "seven")
        #expect(seeded.reason(run) == .writtenOutside(path: "src/made.rs"))
    }

    /// Libraries and data are copied there to be found by the program.
    @Test(arguments: TestSupport.Layout.allCases)
    func aScriptThatWritesBesideTheExecutable(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let body = """
            println!("cargo:rerun-if-changed=value.txt");
            let profile = out.ancestors().find(|p| p.ends_with("debug")).unwrap().to_owned();
            fs::copy("value.txt", profile.join("value.txt")).unwrap();
            """
        let program = """
            fn main() {
                let file = std::env::current_exe().unwrap().with_file_name("value.txt");
                println!("value: {}", std::fs::read_to_string(file).unwrap_or_default())
            }
            """
        let package = try SmallWorkspace.package(
            ["build.rs": script(body), "src/main.rs": program, "value.txt": "beside"], in: directory)
        let (value, seeded) = try package.valueWhenSeeded(layout)
        #expect(value == "beside")
        #expect(seeded.reason(run) == .writtenOutside(path: "debug/value.txt"))
    }

    /// What is read when the program runs is no source file of anything.
    @Test func aScriptThatWritesAnIgnoredFileOfThePackage() throws {
        let directory = try TemporaryDirectory()
        let body = """
            println!("cargo:rerun-if-changed=value.txt");
            fs::copy("value.txt", "bundle.txt").unwrap();
            """
        let package = try SmallWorkspace.package(
            [
                "build.rs": script(body), "src/main.rs": "fn main() { println!(\"value: none\") }",
                "value.txt": "bundle",
            ],
            ignored: ["bundle.txt"], in: directory)
        let (_, seeded) = try package.valueWhenSeeded()
        #expect(seeded.reason(run) == .writtenOutside(path: "bundle.txt"))
        #expect(FileStatus.ifPresent(seeded.path.appending("bundle.txt")) != nil)
    }

    /// Places of the build directory in which cargo puts something, too, and names that look like its own.
    @Test(arguments: ["debug/.env", "debug/app.conf", "assets/made.bin"], TestSupport.Layout.allCases)
    func aScriptThatWritesElsewhereInTheBuildDirectory(_ name: String, layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let body = """
            println!("cargo:rerun-if-changed=build.rs");
            let target = out.ancestors().find(|p| p.ends_with("target")).unwrap().to_owned();
            let file = target.join("\(name)");
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "made").unwrap();
            """
        let package = try SmallWorkspace.package(
            ["build.rs": script(body), "src/main.rs": "fn main() { println!(\"value: none\") }"], in: directory)
        let (_, seeded) = try package.valueWhenSeeded(layout)
        #expect(seeded.reason(run) == .writtenOutside(path: name))
        #expect(FileStatus.ifPresent(seeded.path.appending("target").pushing(FilePath(name))) != nil)
    }

    /// A run of another profile has written the file last.
    @Test func aFileThatAnotherRunHasWrittenAgain() throws {
        let directory = try TemporaryDirectory()
        let body = """
            println!("cargo:rerun-if-changed=build.rs");
            fs::create_dir_all("assets").unwrap();
            fs::write("assets/made.json", "{}").unwrap();
            """
        let package = try SmallWorkspace.package(
            ["build.rs": script(body), "src/main.rs": "fn main() { println!(\"value: none\") }"],
            ignored: ["/assets"], in: directory)
        try package.build()
        try package.build(.legacy, ["--release"])
        let (_, seeded) = try package.valueWhenSeeded()
        #expect(seeded.report.cold.filter { $0.reason == .writtenOutside(path: "assets/made.json") }.count == 2)
        #expect(FileStatus.ifPresent(seeded.path.appending("assets/made.json")) != nil)
    }

    /// The script lies in another package than the one that it runs for.
    @Test func aScriptThatTwoPackagesShare() throws {
        let directory = try TemporaryDirectory()
        let body = """
            let count = fs::read_dir("data").unwrap().count();
            fs::write(out.join("value.txt"), count.to_string()).unwrap();
            """
        let package = try SmallWorkspace.package(
            [
                "Cargo.toml": "[workspace]\nmembers = [\"app\", \"other\"]\nresolver = \"2\"\n",
                "other/Cargo.toml": SmallWorkspace.manifest("other"), "other/build.rs": script(body),
                "other/src/lib.rs": "", "other/data/1": "",
                "app/Cargo.toml": SmallWorkspace.manifest("app", "build = \"../other/build.rs\"\n"),
                "app/src/main.rs": includesOutput, "app/data/1": "", "app/data/2": "",
            ], in: directory
        ) { repository, path in
            try repository.git("rm", "--quiet", "app/data/2", in: path)
        }
        let (value, seeded) = try package.valueWhenSeeded()
        #expect(value == "1")
        #expect(seeded.reason("other run-build-script-build-script-build") == nil)
    }

    /// Cargo watches no library that a script has the linker look for.
    @Test func aLibraryOfTheRepositoryThatDiffers() throws {
        let directory = try TemporaryDirectory()
        let body = """
            println!("cargo:rerun-if-changed=build.rs");
            println!("cargo:rustc-link-search=native=libs");
            """
        let package = try SmallWorkspace.package(
            [
                "build.rs": script(body), "libs/libsome.a": "one",
                "src/main.rs": "fn main() { println!(\"value: none\") }",
            ], in: directory
        ) { repository, path in
            try repository.write("libs/libsome.a", "two", in: path)
        }
        let (_, seeded) = try package.valueWhenSeeded()
        #expect(seeded.reason(run) == .sourceDiffers(path: "libs/libsome.a"))
        // The same library is no reason.
        let same = try SeededWorktree(from: package, branch: "same", name: "same")
        #expect(same.reason(run) == nil)
    }

    /// A program may count on a directory that the script has made for it.
    @Test(arguments: TestSupport.Layout.allCases)
    func emptyDirectoriesOfOutDirAreMadeToo(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let body = """
            println!("cargo:rerun-if-changed=build.rs");
            fs::create_dir_all(out.join("cache/deep")).unwrap();
            """
        let program = """
            fn main() {
                let file = concat!(env!("OUT_DIR"), "/cache/deep/file");
                println!("value: {}", std::fs::write(file, "").is_ok())
            }
            """
        let package = try SmallWorkspace.package(["build.rs": script(body), "src/main.rs": program], in: directory)
        let (value, seeded) = try package.valueWhenSeeded(layout)
        #expect(value == "true")
        #expect(seeded.reason(run) == nil)
    }

    /// From another parent directory a relative path leads to another file.
    @Test func aWatchedFileBeyondTheWorktree() throws {
        let directory = try TemporaryDirectory()
        let body = """
            println!("cargo:rerun-if-changed=../beside.txt");
            fs::copy("../beside.txt", out.join("value.txt")).unwrap();
            """
        let package = try SmallWorkspace.package(
            ["build.rs": script(body), "src/main.rs": includesOutput], in: directory)
        try package.repository.write("../beside.txt", "of the donor")
        try package.repository.write("../deeper/beside.txt", "of the recipient")
        let hourAgo = try FileStatus(package.path.appending("build.rs")).mtime
        for file in ["beside.txt", "deeper/beside.txt"] {
            try setModificationTime(of: directory.path.pushing(FilePath(file)), to: hourAgo)
        }
        let (value, seeded) = try package.valueWhenSeeded(at: "deeper/seeded")
        #expect(value == "of the recipient")
        #expect(seeded.reason(run) == .beyondWorktree(path: "../beside.txt"))
    }

    /// A script that does none of this is taken, whatever it watches.
    @Test(arguments: ["cargo:rerun-if-changed=data", "cargo:rerun-if-env-changed=NEVER_SET", "nothing to say"])
    func anOrdinaryScriptIsTaken(line: String) throws {
        let directory = try TemporaryDirectory()
        let package = try SmallWorkspace.package(
            [
                "build.rs": script("println!(\"\(line)\");\n" + listing), "src/main.rs": includesOutput, "data/a": "",
                "data/b": "",
            ], in: directory)
        let (value, seeded) = try package.valueWhenSeeded()
        #expect(value == "a,b")
        #expect(seeded.report.cold.isEmpty, "\(seeded.report.cold)")
    }
}
