import ChildProcess
import FileTree
import SystemPackage
import TestSupport
import Testing

/// A donor in whose build directory there is what cargo would never put there: `wt new` comes to an end, nothing outside is
/// read or written through it, and the worktree builds what it should.
@Suite struct HostileDonorTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace
    var outside: FilePath { directory.appending("outside") }

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.package(
            [
                "build.rs": """
                let out = std::env::var("OUT_DIR").unwrap();
                let value = std::fs::read_to_string("value.txt").unwrap();
                std::fs::write(out + "/value.rs", value).unwrap();
                println!("cargo::rerun-if-changed=value.txt");

                """.asMain,
                "value.txt": "1",
                "src/main.rs": """
                let value: u32 = include!(concat!(env!("OUT_DIR"), "/value.rs"));
                println!("value: {}", value + library::value());

                """.asMain,
                "library/Cargo.toml": SmallWorkspace.manifest("library"),
                "library/src/lib.rs": "pub fn value() -> u32 { 10 }\n",
                "Cargo.toml": SmallWorkspace.manifest(
                    "app", "[dependencies]\nlibrary = { path = \"library\" }\n[workspace]\n"),
            ], in: directory)
    }

    /// Run in the donor; `$library` is an rlib, `$out` an OUT_DIR, `$fingerprint` the library's directory of fingerprints,
    /// `$outside` a directory somewhere else.
    static let hostilities = [
        ScriptRow("an artifact that lies elsewhere", "mv $library $outside/lib; ln -s $outside/lib $library"),
        ScriptRow(
            "directories that lie elsewhere",
            """
            for place in $(dirname $library) $out; do
                mv $place $outside/$(echo $place | tr / _); ln -s $outside/$(echo $place | tr / _) $place
            done
            """),
        ScriptRow("a FIFO for an artifact", "rm $library; mkfifo $library"),
        ScriptRow(
            "FIFOs and sockets beside what is known",
            """
            for place in $(dirname $library) $out $fingerprint; do
                mkfifo $place/fifo
                perl -MSocket -e 'chdir shift; socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("socket")) or die' $place
            done
            """),
        ScriptRow("a FIFO for a dep-info", "rm $fingerprint/dep-lib-library; mkfifo $fingerprint/dep-lib-library"),
        ScriptRow(
            "a fingerprint without an end", "rm $fingerprint/*.json; ln -s /dev/zero $fingerprint/lib-library.json"),
        ScriptRow("a fingerprint of a terabyte", "truncate -s 1T $fingerprint/lib-library $fingerprint/*.json"),
        ScriptRow(
            "names of any bytes in an OUT_DIR",
            """
            for name in "$(printf 'new\\nline')" "$(printf 'not\\377utf8')" "$(printf '%0255d' 0)" "$(printf 'esc\\033[2J')" -r; do
                echo x >"$out/$name"; mkdir "$out/of"; mv -- "$out/of" "$out/d${name%?}"
            done
            """),
        ScriptRow(
            "symlinks in an OUT_DIR",
            "ln -s $outside/mine $out/away; ln -s $outside $out/far; ln -s . $out/here; ln -s loop $out/loop"),
    ]

    /// Where the library's artifact and the rest are, whatever the layout.
    private func places(_ layout: Layout) throws -> [String: String] {
        let script = """
            find target -path '*debug*' -name 'liblibrary-*.rlib' | sort | head -n 1
            dirname "$(find target -name value.rs)"
            dirname "$(find target -name dep-lib-library)"
            """
        let lines = try workspace.repository.sh(script).split(separator: "\n").map(String.init)
        try #require(lines.count == 3)
        return ["library": lines[0], "out": lines[1], "fingerprint": lines[2], "outside": outside.string]
    }

    @Test(.timeLimit(.minutes(10)), arguments: Layout.allCases, hostilities)
    func aWorktreeOfItIsRightAndNothingElseChanges(_ layout: Layout, _ hostility: ScriptRow) throws {
        try workspace.build(layout)
        try workspace.repository.sh("mkdir $outside; echo mine >$outside/mine", ["outside": outside.string])
        let places = try places(layout)
        try workspace.repository.sh(hostility.script, places)
        // Reading a terabyte of nothing would take a while.
        let huge = try Set(workspace.repository.sh("find target -size +1G").split(separator: "\n").map(String.init))
        let donor = try TreeSnapshot(workspace.path, excluding: huge.union([".git"]))
        let elsewhere = try TreeSnapshot(outside)

        let made = try runWT(
            ["new", "one"], in: workspace.path, environment: workspace.environment.merging(layout.settings) { $1 })
        #expect([0, 2].contains(made.status), "\(made.errorText)")
        let path = directory.appending("repository.one")
        try workspace.build(layout, in: path)
        #expect(try workspace.report(of: path)["value"] == "11")
        // What cargo writes over here must be nobody else's.
        try workspace.repository.write("library/src/lib.rs", "pub fn value() -> u32 { 20 }\n", in: path)
        try workspace.repository.write("value.txt", "2", in: path)
        try workspace.build(layout, in: path)
        #expect(try workspace.report(of: path)["value"] == "22")
        let removed = try runWT(
            ["rm", "--force", "--wait", "one"], in: workspace.path, environment: workspace.environment)
        #expect(removed.status == 0, "\(removed.errorText)")

        #expect(
            try TreeSnapshot(workspace.path, excluding: huge.union([".git"])).differences(from: donor) == [])
        #expect(try TreeSnapshot(outside).differences(from: elsewhere) == [])
    }

    /// What stands in a name is a place below it, as far down as anybody likes.
    @Test(.timeLimit(.minutes(10))) func aDirectoryOfTenThousandLevels() throws {
        try workspace.build()
        let places = try places(.legacy)
        for parent in [places["out"]!, "target/debug/incremental"] {
            try makeDeepTree(in: workspace.path.pushing(FilePath(parent)), levels: 10_000)
        }
        for words in [["new", "one"], ["list"], ["clean", "--yes", "one"], ["rm", "--wait", "one"]] {
            let outcome = try runWT(words, in: workspace.path, environment: workspace.environment)
            #expect([0, 2].contains(outcome.status), "\(words): \(outcome.errorText)")
        }
        try workspace.build()
        #expect(try workspace.report()["value"] == "11")
    }
}

extension String {
    fileprivate var asMain: String { "fn main() {\n\(self)}\n" }
}
