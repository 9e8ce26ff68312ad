import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `wt explain`, in worktrees that wt itself has seeded.
@Suite struct ExplainTests {
    struct Answer: Decodable {
        struct Workspace: Decodable {
            let compiler: String?
            let units: [UnitAnswer]
        }

        let version: Int
        let worktree: String
        let donors: [String]
        let unitsLinked: Int
        let unitsCopied: Int
        let unitsCold: Int
        let workspaces: [Workspace]

        var units: [UnitAnswer] { workspaces.flatMap(\.units) }
        var cold: [UnitAnswer] { units.filter { $0.action == "cold" } }
        /// In the words of `CargoLog.compiled`.
        var work: [String] { cold.map { CargoLog.work(ofUnit: $0.name) }.sorted() }
        /// For messages.
        var reasons: String { cold.map { "\($0.name): \($0.reason ?? "-")" }.sorted().joined(separator: "\n") }
    }

    let directory: TemporaryDirectory
    let workspace: SmallWorkspace

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
    }

    private func wt(
        _ arguments: [String], _ layout: Layout, settings: [String: String] = [:]
    ) throws -> ChildProcess.Outcome {
        var environment = workspace.environment.merging(settings) { $1 }
        // The compiler that the layout's builds use.
        if let toolchain = layout.toolchain.first { environment["RUSTUP_TOOLCHAIN"] = String(toolchain.dropFirst()) }
        return try runWT(arguments, in: workspace.path, environment: environment)
    }

    private func explain(_ name: String, _ layout: Layout, settings: [String: String] = [:]) throws -> Answer {
        let outcome = try wt(["explain", "--json", name], layout, settings: settings)
        guard outcome.status == 0 else { throw TestFailure("wt explain: \(outcome.errorText)") }
        return try JSONDecoder().decode(Answer.self, from: Data(outcome.output))
    }

    @Test(arguments: Layout.allCases) func exactlyWhatItNamesIsCompiled(layout: Layout) throws {
        try workspace.build(layout, ["--all-targets"])
        let made = try MadeWorktree("topic", from: workspace)
        let before = try TreeSnapshot(directory.path)
        let answer = try explain("topic", layout)
        #expect(answer.version == 1 && answer.worktree == made.path.string)
        #expect(answer.donors == [workspace.path.string])
        #expect(answer.unitsLinked == made.answer.seed.unitsLinked, "\(answer.reasons)")
        #expect(answer.unitsCopied == made.answer.seed.unitsCopied)
        #expect(answer.unitsCold == answer.cold.count && answer.units.count > answer.cold.count)
        let baked = try #require(answer.cold.first { $0.name == "baked lib-baked" })
        #expect(baked.reason?.contains("a worktree's path is compiled in") == true)
        #expect(baked.version == "0.1.0" && baked.kind == "lib" && baked.profile == "debug" && baked.bytes == 0)
        let plain = try #require(answer.units.first { $0.name == "tiny-plain lib-tiny_plain" })
        #expect(plain.action == "linked" && plain.version == "1.0.0" && plain.bytes > 0 && plain.reason == nil)

        let text = try wt(["explain", "topic"], layout)
        let summary =
            "debug: \(answer.unitsLinked + answer.unitsCopied) units fresh (\(answer.unitsLinked) linked, "
            + "\(answer.unitsCopied) copied), \(answer.unitsCold) will be compiled or run\n"
        #expect(text.text.hasPrefix(summary) && text.errors.isEmpty, "\(text.text)\(text.errorText)")
        // What is cold because of it alone is counted with it.
        #expect(text.text.contains("\n  debug baked 0.1.0 lib-baked: ") && text.text.contains(" above)\n"))
        #expect(!text.text.contains("example-show"), "\(text.text)")
        let verbose = try wt(["explain", "-v", "topic"], layout)
        for unit in answer.cold { #expect(verbose.text.contains(unit.unit), "\(unit.name)") }
        #expect(try TreeSnapshot(directory.path).differences(from: before) == [])

        let log = try workspace.build(layout, ["--all-targets"], in: made.path).log
        #expect(log.compiled == answer.work, "\(answer.reasons)\ncargo: \(log.reasons)")
        let after = try explain("topic", layout)
        #expect(after.unitsCold == 0, "\(after.reasons)")
        #expect(after.unitsLinked == answer.unitsLinked)
    }

    @Test func anEditIsNamedWithWhatIsAboveIt() throws {
        try workspace.build(.legacy, ["--all-targets"])
        let source = "crates/shapes/src/lib.rs"
        try setModificationTime(of: workspace.path.pushing(FilePath(source)), to: .now())
        let text = try wt(["explain"], .legacy).text
        let answer = try explain("@", .legacy)
        let cold = answer.cold.filter { $0.reason == "\(source) is newer" }.map(\.unit)
        #expect(Set(cold) == ["lib-shapes", "test-lib-shapes"], "\(answer.reasons)")
        #expect(answer.unitsLinked == 0 && answer.donors.isEmpty)
        let more = answer.cold.count - 2
        #expect(more > 0)
        #expect(text.contains("shapes 0.1.0 lib-shapes: \(source) is newer (and \(more) units above)\n"), "\(text)")
        #expect(try workspace.build(.legacy, ["--all-targets"]).log.compiled == answer.work)
    }

    @Test func anotherCompilerLeavesNothingFresh() throws {
        try workspace.build(.legacy)
        let compiler = directory.path.appending("another-rustc")
        try makeProgram(compiler, "#!/bin/sh\necho 'rustc 1.0.0 (another)'\n")
        let answer = try explain("@", .legacy, settings: ["RUSTC": compiler.string])
        #expect(answer.workspaces.first?.compiler == "rustc 1.0.0 (another)")
        #expect(answer.unitsLinked + answer.unitsCopied == 0)
        #expect(answer.cold.contains { $0.reason?.hasPrefix("compiled by rustc 1.") == true }, "\(answer.reasons)")
        #expect(try explain("@", .legacy).unitsCold == 0)
    }

    @Test func whereNothingWasBuiltItSaysSo() throws {
        let outcome = try wt(["explain"], .legacy)
        #expect(outcome.status == 0 && outcome.text == "cargo has built nothing in \(workspace.path)\n")
        #expect(try wt(["explain", "nowhere"], .legacy).status == 1)
    }
}
