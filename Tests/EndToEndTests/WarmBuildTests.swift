import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Units of the audit workspace that are left cold for a reason of their own: compiled again in the new worktree, or
/// they would go on using the donor. Everything else is either taken or depends on one of these.
private let pathDependent: Set = [
    // env!("CARGO_MANIFEST_DIR") in a constant, in programs, and in a test.
    "manifest lib-manifest", "tool bin-tool", "tool example-demo", "base test-lib-base",
    // The compiled macro returns its own package's directory.
    "macros lib-macros",
    // A macro read CARGO_MANIFEST_DIR while it expanded, which no dep-info mentions.
    "tool lib-tool",
    // env!("OUT_DIR"), and OUT_DIR once more through rustc-env.
    "schema lib-schema",
    // The script prints its package's directory as rustc-env.
    "values run-build-script-build-script-build", "values lib-values",
    // The script prints its package's directory as metadata.
    "native run-build-script-build-script-build",
    // env!("CARGO_BIN_EXE_…") and env!("CARGO_TARGET_TMPDIR"): the test would run the donor's program.
    "tool test-integration-test-it",
    // Stricter than need be. In these tests the path is not to be found, but env!() or a macro's expansion has read it,
    // and no source file's path explains what for: it could have gone into something that is no text, its length say.
    "macros test-lib-macros", "values test-lib-values", "tool test-bin-tool",
    // The same: the variable serves to include a file, and for a constant too.
    "manifest test-lib-manifest", "schema test-lib-schema",
    // In reach of `macros`, which reads its caller's path while it expands. They depend on cold units as well.
    "tool bin-tool-two", "tool test-bin-tool-two", "tool test-lib-tool", "tool test-bench-running",
]

@Suite(.serialized) struct WarmBuildTests {
    @Test(arguments: Layout.allCases, ["dev", "release"])
    func theNextBuildCompilesExactlyWhatWasNamed(layout: Layout, profile: String) throws {
        try AuditWorkspace.use(layout, profile: profile) { workspace throws in
            let made = try MadeWorktree("topic", from: workspace)
            #expect(made.coldByThemselves == pathDependent, "\(made.coldReasons)")
            #expect(made.answer.seed.unitsLinked >= 150)
            #expect(made.answer.native)

            let run = try workspace.build(in: made.path)
            #expect(run.log.compiled == made.expectedWork, "\(run.log.reasons)")
            #expect(run.log.finished)
            // A package is Fresh, or some of its units were named.
            let named = Set(made.answer.seed.cold.map { String($0.unit.prefix { $0 != " " }) })
            #expect(run.log.compiledNames == named)
            #expect(run.log.fresh.count + run.log.compiling.count == workspace.coldBuild.compiling.count)
            #expect(try workspace.build(in: made.path).log.compiledNothing)

            let warm = try Behaviour(of: workspace, in: made.path)
            #expect(try warm.lines == Behaviour(of: workspace, in: workspace.path).lines(movedTo: made.path))
            #expect(try workspace.build().log.compiledNothing)
        }
    }

    /// Checks, lints, tests, other profiles and triples have units of their own.
    @Test(arguments: Layout.allCases) func everyKindOfWorkIsWarm(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        let all = ["--all-targets"]
        let work = [
            ("build", all), ("build", all + ["--release"]), ("build", all + ["--target", "x86_64-unknown-linux-gnu"]),
            ("check", all), ("clippy", all), ("test", []),
        ]
        var cold = 0
        for (command, options) in work {
            cold += try workspace.build(layout, options, subcommand: command).log.compiled.count
        }
        for (command, options) in work {
            let log = try workspace.build(layout, options, subcommand: command).log
            try #require(log.compiled == [], "the donor itself is not warm: \(command) \(options): \(log.reasons)")
        }
        let made = try MadeWorktree("topic", from: workspace)
        var compiled: [String] = []
        var reasons = ""
        for (command, options) in work {
            let log = try workspace.build(layout, options, subcommand: command, in: made.path).log
            compiled += log.compiled
            reasons += "\(command) \(options): \(log.reasons)\n"
        }
        #expect(compiled.sorted() == made.expectedWork, "\(reasons)")
        #expect(compiled.count < cold / 2)
        for (command, options) in work {
            let log = try workspace.build(layout, options, subcommand: command, in: made.path).log
            #expect(log.compiled == [] && log.dirty.isEmpty && log.finished, "\(command) \(options)")
        }
        #expect(try workspace.report(of: made.path)["baked"] == "\(made.path)/crates/baked")
    }

    /// The comparison with a donor that was built in another place is good for all configurations; this one is with
    /// what git and cargo alone make in the same place.
    @Test func everyProgramAndTestSaysWhatItSaysInAColdWorktreeAtTheSamePath() throws {
        try AuditWorkspace.use(.legacy) { workspace throws in
            let made = try MadeWorktree("topic", from: workspace)
            try workspace.build(in: made.path)
            let warm = try Behaviour(of: workspace, in: made.path)
            let warmTests = try workspace.build(
                ["--", "--nocapture", "--test-threads=1"], subcommand: "test", in: made.path)
            try workspace.git("worktree", "remove", "--force", made.path.string)
            try workspace.git("worktree", "add", "--quiet", made.path.string, "topic")
            let cold = try workspace.build(in: made.path)
            #expect(cold.log.compiling.count == workspace.coldBuild.compiling.count)
            #expect(try warm.lines == Behaviour(of: workspace, in: made.path).lines)
            let coldTests = try workspace.build(
                ["--", "--nocapture", "--test-threads=1"], subcommand: "test", in: made.path)
            #expect(Behaviour.comparable(warmTests.output) == Behaviour.comparable(coldTests.output))
        }
    }
}

/// What every program, example, test and bench of the audit workspace prints, line by line.
private struct Behaviour {
    let lines: [String]
    private let place: FilePath

    init(of workspace: AuditWorkspace, in place: FilePath) throws {
        self.place = place
        let build = try workspace.build(["--message-format=json"], in: place)
        #expect(build.log.rustc.isEmpty && build.log.buildScripts.isEmpty, "\(build.log.reasons)")
        let programs = try build.output.split(separator: "\n").map {
            try JSONDecoder().decode(Message.self, from: Data($0.utf8))
        }.filter { $0.executable != nil }.sorted { $0.executable! < $1.executable! }
        #expect(programs.count == 20)
        // Tests of a procedural macro need the compiler's own libraries, which cargo tells them, too.
        let libraries = try ChildProcess(
            "rustc", workspace.layout.toolchain + ["--print", "target-libdir"], environment: workspace.environment
        ).run().text.split(separator: "\n")
        let settings = ["LC_ALL": "C", "LD_LIBRARY_PATH": String(libraries.first ?? "")]
        var text = ""
        for program in programs {
            let isTest = program.profile?.test == true && program.target?.kind != ["bench"]
            text += try Self.run(program, isTest ? ["--nocapture", "--test-threads=1"] : [], settings)
            if program.target?.name == "tool", !isTest {
                text += try Self.run(program, ["--fail"], settings, status: 101)
            }
        }
        lines = Self.comparable(text)
        #expect(lines.contains("own directory: \(place)/crates/tool"), "\(text)")
        #expect(lines.contains { $0.contains("runs_the_second_binary_of_this_worktree") }, "\(text)")
    }

    /// Lines without times and thread ids, which differ from run to run.
    static func comparable(_ text: String) -> [String] {
        text.split(separator: "\n").map {
            String($0).replacing(/finished in [0-9.]+s/, with: "finished").replacing(
                /\([0-9]+\) panicked/, with: "panicked")
        }
    }

    /// The part of cargo's message about an artifact that says what to run.
    private struct Message: Decodable {
        struct Target: Decodable {
            let name: String
            let kind: [String]
        }
        struct Profile: Decodable {
            let test: Bool
        }
        let executable: String?
        let target: Target?
        let profile: Profile?
        let manifest_path: String?
    }

    /// Tests run in their package's directory, as cargo would do it.
    private static func run(
        _ program: Message, _ arguments: [String], _ environment: [String: String], status: Int32 = 0
    ) throws -> String {
        let directory = program.manifest_path.map { FilePath($0).removingLastComponent() } ?? "/"
        let outcome = try ChildProcess(
            program.executable ?? "", arguments, in: directory, environment: environment
        ).run()
        let name = "\(program.target?.name ?? "") \(program.target?.kind ?? []) \(arguments)"
        #expect(outcome.status == status, "\(name): \(outcome.errorText)")
        return "\(name)\n\(outcome.text)\(outcome.errorText)"
    }

    func lines(movedTo other: FilePath) -> [String] {
        lines.map { $0.replacing(place.string, with: other.string) }
    }
}
