import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Seeding from a donor that cargo is building in: nobody waits for anybody, and what is taken is right.
@Suite struct BusyDonorTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace
    /// The build script of `generated` waits until this file exists, where GATE names it.
    let gate: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
        gate = directory.appending("gate")
        let script = "crates/generated/build.rs"
        let text = String(decoding: try readFile(workspace.path.pushing(FilePath(script))), as: UTF8.self)
        let wait = """
            fn main() {
                if let Ok(gate) = env::var("GATE") {
                    fs::write(format!("{gate}.reached"), "").unwrap();
                    while !std::path::Path::new(&gate).exists() {
                        std::thread::sleep(std::time::Duration::from_millis(1));
                    }
                }

            """
        try workspace.repository.write(script, text.replacing("fn main() {\n", with: wait))
        try workspace.repository.commit("a gate")
        try backdate(workspace.path, excluding: [".git"])
        try workspace.repository.git("update-index", "-q", "--refresh")
    }

    /// `cargo build` in the donor, beside the test.
    private func startBuild(_ layout: Layout) throws -> Background {
        let settings = workspace.environment.merging(layout.settings) { $1 }.merging(["GATE": gate.string]) { $1 }
        return try Background(
            ["cargo"] + layout.cargoOptions + ["build", "--offline", "--workspace", "--all-targets"],
            in: workspace.path, environment: settings, log: directory.appending("build.log"))
    }

    /// `wt new`, which must come to its end while cargo holds the donor's lock: if it waited for that lock, neither
    /// would go on, and `timeout` ends it.
    private func make(_ name: String) throws -> FilePath {
        let path = directory.appending("repository.\(name)")
        let wt = productsDirectory.appending("wt").string
        let log = directory.appending("\(name).log")
        let run = try Background(
            ["timeout", "120", wt, "new", name], in: workspace.path, environment: workspace.environment, log: log)
        let status = run.wait()
        #expect(status == 0, "\(run.words)")
        return path
    }

    private var finishedUnits: Int {
        files(below: workspace.path.appending("target")) { $0.hasSuffix(".json") }
    }

    private func open() throws { try "".write(toFile: gate.string, atomically: true, encoding: .utf8) }

    private func isRight(_ worktrees: [FilePath], _ layout: Layout) throws {
        for path in worktrees {
            try workspace.build(layout, ["--all-targets"], in: path)
            let report = try workspace.report(of: path)
            #expect(report["shapes"] == "shapes of main")
            #expect(report["generated"] == "schema one, part a, part b")
            #expect(report["baked"] == "\(path)/crates/baked")
            #expect(try workspace.build(layout, ["--all-targets"], in: path).log.compiledNothing)
        }
    }

    @Test(arguments: Layout.allCases) func aFirstBuildUnderWayIsTakenAsFarAsItIs(layout: Layout) throws {
        let build = try startBuild(layout)
        var made: [FilePath] = []
        for (number, units) in [1, 6, 12].enumerated() {
            #expect(build.runs { finishedUnits >= units }, "\(build.words)")
            made.append(try make("moment-\(number)"))
        }
        #expect(build.runs { FileStatus.ifPresent(FilePath("\(gate).reached")) != nil })
        #expect(isLocked(workspace.path.appending("target/debug/.cargo-lock")))
        let there = try make("at-the-gate")
        #expect(build.isRunning)
        #expect(files(below: there.appending("target")) { $0.hasSuffix(".rlib") } > 3)
        try open()
        made += [there, try make("behind-the-gate")]
        #expect(build.wait() == 0, "\(build.words)")
        try isRight(made, layout)
        try isRight([workspace.path], layout)
    }

    @Test(arguments: Layout.allCases) func aRebuildUnderWayOfWhatWasEditedIsNotMistakenForTheCommit(
        layout: Layout
    ) throws {
        try workspace.build(layout, ["--all-targets"])
        let source = workspace.path.appending("crates/shapes/src/lib.rs")
        let text = String(decoding: try readFile(source), as: UTF8.self)
        try text.replacing("shapes of main", with: "edited").write(
            toFile: source.string, atomically: false, encoding: .utf8)
        try workspace.repository.write("crates/generated/schema.txt", "edited")
        let build = try startBuild(layout)
        #expect(build.runs { FileStatus.ifPresent(FilePath("\(gate).reached")) != nil }, "\(build.words)")
        var made = [try make("at-the-gate")]
        #expect(build.isRunning)
        try open()
        made.append(try make("behind-the-gate"))
        #expect(build.wait() == 0, "\(build.words)")
        made.append(try make("afterwards"))
        try isRight(made, layout)
        #expect(try workspace.report()["shapes"] == "edited")
        #expect(try workspace.report()["generated"] == "edited, part a, part b")
    }
}

/// How many files at and below `root` have a name that `matches`; what vanishes meanwhile is passed over.
func files(below root: FilePath, where matches: (String) -> Bool = { _ in true }) -> Int {
    guard let all = FileManager.default.enumerator(atPath: root.string) else { return 0 }
    var count = 0
    while let name = all.nextObject() as? String {
        if matches(name) { count += 1 }
    }
    return count
}
