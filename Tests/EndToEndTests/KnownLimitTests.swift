import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Units that cargo builds anew in every worktree, whatever is done: they are named in a line, nothing of them is taken
/// for nothing, and what comes out is right.
@Suite struct KnownLimitTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func build(
        _ workspace: SmallWorkspace, in worktree: FilePath, at place: String = "",
        flags: (FilePath) -> String? = { _ in nil }
    ) throws -> CargoLog {
        let settings = flags(worktree).map { ["RUSTFLAGS": $0] } ?? [:]
        let root = place.isEmpty ? worktree : worktree.appending(place)
        return try workspace.build(.legacy, ["--all-targets"], in: root, settings: settings).log
    }

    /// Makes a worktree from one that has been built; `wt` ends with status 0 and tells the same on standard error.
    private func made(
        _ workspace: SmallWorkspace, note: String, units: Int, at place: String = "",
        flags: (FilePath) -> String? = { _ in nil }
    ) throws -> MadeWorktree {
        #expect(try !build(workspace, in: workspace.path, at: place, flags: flags).compiledNothing)
        let preview = try runWT(["new", "made", "-n"], in: workspace.path, environment: workspace.environment)
        #expect(preview.status == 0 && preview.text.contains("note: \(units) unit"), "\(preview.text)")
        let plain = try runWT(["new", "plain"], in: workspace.path, environment: workspace.environment)
        #expect(plain.status == 0)
        let lines = plain.errorText.split(separator: "\n").filter { $0.contains(note) }
        #expect(lines.count == 1 && lines[0].hasPrefix("note: \(units) unit"), "\(plain.errorText)")
        let made = try MadeWorktree("made", from: workspace)
        #expect(made.answer.notes.count == 1 && made.answer.notes[0].contains(note), "\(made.answer.notes)")

        let log = try build(workspace, in: made.path, at: place, flags: flags)
        #expect(log.compiled == made.expectedWork, "\(log.reasons)\n\(made.coldReasons)")
        #expect(try build(workspace, in: made.path, at: place, flags: flags).compiledNothing)
        #expect(try build(workspace, in: workspace.path, at: place, flags: flags).compiledNothing)
        return made
    }

    /// Whether anything of these packages is in a build directory.
    private func has(_ packages: [String], in target: FilePath) throws -> [String] {
        guard FileStatus.ifPresent(target) != nil else { return [] }
        return try TreeSnapshot(target).entries.keys.filter { path in
            packages.contains { path.contains($0) || path.contains($0.replacing("-", with: "_")) }
        }
    }

    @Test func whatIsVendoredInTheRepository() throws {
        let workspace = try SmallWorkspace.make(in: directory)
        let registry = directory.appending("registry")
        #expect(rename(registry.string, workspace.path.appending("vendor").string) == 0)
        try workspace.repository.write(
            ".cargo/config.toml",
            "[source.crates-io]\nreplace-with = \"vendored\"\n[source.vendored]\ndirectory = \"vendor\"\n")
        try workspace.repository.commit("vendor")
        try backdate(workspace.path, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh")
        let vendored = ["tiny-plain", "tiny-derive", "tiny-generated", "tiny-versioned", "tiny-above-patched"]
        // Five libraries, one of them in two versions, a registry's namesake of a member, and a build script.
        let made = try made(workspace, note: "vendored inside the repository", units: 8)
        #expect(made.answer.seed.unitsLinked > 3)
        let plain = directory.appending("repository.plain/target")
        #expect(try has(vendored + ["shapes", "app"], in: plain) == [])
        #expect(try has(["macros", "capi", "generated-always"], in: plain) != [])
        #expect(try has(vendored, in: workspace.path.appending("target")) != [])
        let here = try workspace.report()
        #expect(
            try workspace.report(of: made.path)
                == here.mapValues { $0.replacing(workspace.path.string, with: made.path.string) })
    }

    @Test func rustflagsWithTheWorktreesPath() throws {
        let workspace = try SmallWorkspace.package(
            [
                "Cargo.toml": SmallWorkspace.manifest(
                    "app", "[workspace]\n[dependencies]\npart = { path = \"part\" }\n"),
                "src/main.rs": "fn main() { println!(\"value: {}\", part::HERE); }",
                "part/Cargo.toml": SmallWorkspace.manifest("part"),
                "part/src/lib.rs": "pub const HERE: &str = env!(\"CARGO_MANIFEST_DIR\");",
            ], in: directory)
        // The library, the program, and the test of each.
        let made = try made(
            workspace, note: "rustflags name a worktree's path", units: 4,
            flags: { "--remap-path-prefix=\($0)=/source" })
        #expect(FileStatus.ifPresent(directory.appending("repository.plain/target")) == nil)
        #expect(try workspace.report(of: made.path)["value"] == "\(made.path)/part")
        #expect(try workspace.report()["value"] == "\(workspace.path)/part")
    }

    @Test func aPathDependencyBesideTheWorkspace() throws {
        let workspace = try SmallWorkspace.package(
            [
                "Cargo.toml": SmallWorkspace.manifest("unrelated"), "src/lib.rs": "",
                "rust/Cargo.toml": "[workspace]\nresolver = \"2\"\nmembers = [\"app\", \"free\"]\n",
                "rust/app/Cargo.toml": SmallWorkspace.manifest(
                    "app", "[dependencies]\nbeside = { path = \"../../beside\" }\nfree = { path = \"../free\" }\n"),
                "rust/app/src/main.rs": "fn main() { println!(\"value: {} {}\", beside::VALUE, free::VALUE); }",
                "rust/free/Cargo.toml": SmallWorkspace.manifest("free"),
                "rust/free/src/lib.rs": "pub const VALUE: &str = \"free\";",
                "beside/Cargo.toml": SmallWorkspace.manifest("beside"),
                "beside/build.rs": """
                fn main() {
                    let out = std::env::var("OUT_DIR").unwrap();
                    std::fs::write(format!("{out}/made.rs"), "\\"beside\\"").unwrap();
                    println!("cargo:rerun-if-changed=build.rs");
                }
                """,
                "beside/src/lib.rs": "pub const VALUE: &str = include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));",
            ], ignored: ["target", "Cargo.lock"], in: directory)
        // The library and its build script, whose run depends on it.
        let made = try made(workspace, note: "outside the workspace's root", units: 2, at: "rust")
        #expect(try has(["beside", "app"], in: directory.appending("repository.plain/rust/target")) == [])
        #expect(try has(["free"], in: directory.appending("repository.plain/rust/target")) != [])
        #expect(try workspace.report(of: made.path.appending("rust"))["value"] == "beside free")
    }
}
