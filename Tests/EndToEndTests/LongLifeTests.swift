import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Edit, build, `wt new`, build, `wt rm`, again and again: nothing piles up, and nothing gets slower. `WT_CYCLES` says how
/// often; `scripts/long-life` does it 500 times.
@Suite struct LongLifeTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace
    private let cycles = ProcessInfo.processInfo.environment["WT_CYCLES"].flatMap(Int.init).map { max($0, 3) } ?? 12

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.programAndLibrary(in: directory)
    }

    /// What must not grow.
    private struct Size {
        /// Names in the directory of all worktrees, in git's directory (but for objects and reflogs), in the donor's cache.
        let beside: Int
        let repository: Int
        let cache: Int
        /// Bytes that the donor's cache has on disk.
        let bytes: Int64
        /// Calls that concern files, of `wt new` and `wt rm`.
        let makingCalls: Int
        let removingCalls: Int
    }

    /// Runs `wt`, and returns how many calls that concern files it and its children have made.
    private func counted(_ arguments: String...) throws -> Int {
        let log = directory.appending("calls")
        defer { try? removeTree(log) }
        let outcome = try ChildProcess(
            "strace",
            ["-f", "-c", "-o", log.string, "-e", "trace=%file,%desc", productsDirectory.appending("wt").string]
                + arguments,
            in: workspace.path, environment: workspace.environment
        ).run()
        guard outcome.status == 0 else { throw TestFailure("wt \(arguments): \(outcome.errorText)") }
        let text = String(decoding: try readFile(log), as: UTF8.self)
        let total = try #require(text.split(separator: "\n").last { $0.hasSuffix(" total") })
        return try #require(total.split(separator: " ").dropFirst(3).first.flatMap { Int($0) })
    }

    private func edit(_ number: Int) throws {
        try workspace.repository.write("library/src/lib.rs", "pub fn value() -> u32 { \(number) }\n")
        try workspace.repository.commit("edit \(number)")
        try workspace.build()
    }

    private func build(_ path: FilePath, _ number: Int) throws {
        let run = try workspace.build(in: path)
        #expect(run.log.compiledNothing, "cycle \(number): \(run.errors)")
        #expect(try workspace.report(of: path)["value"] == "\(number)")
    }

    /// A cycle under strace.
    private func measured(_ number: Int) throws -> Size {
        try edit(number)
        let path = directory.appending("repository.life")
        let making = try counted("new", "--quiet", "life")
        try build(path, number)
        let removing = try counted("rm", "--quiet", "--wait", "life")
        let git = workspace.path.appending(".git")
        let own = try Directory(git).entries().map(\.name).filter { $0 != "objects" && $0 != "logs" }
        let target = workspace.path.appending("target")
        return Size(
            beside: try Directory(directory.path).entries().count,
            repository: own.reduce(0) { $0 + 1 + files(below: git.appending($1)) }, cache: files(below: target),
            bytes: try diskUsage(of: [target]).exclusive, makingCalls: making, removingCalls: removing)
    }

    @Test func nothingPilesUp() throws {
        let invariants = try Invariants(of: workspace.repository)
        // The first builds and makes what there was not before.
        _ = try measured(1)
        let first = try measured(2)
        for number in 3...cycles {
            try edit(number)
            let made = try MadeWorktree("life", from: workspace)
            try build(made.path, number)
            let outcome = try runWT(["rm", "life"], in: workspace.path, environment: workspace.environment)
            #expect(outcome.status == 0, "\(outcome.errorText)")
        }
        let last = try measured(cycles + 1)
        #expect(last.beside == first.beside && last.repository == first.repository, "\(first), \(last)")
        // What cargo makes anew each time has other names and sizes by a hair.
        #expect(last.cache <= first.cache + 2 && last.bytes <= first.bytes * 11 / 10, "\(first), \(last)")
        #expect(last.makingCalls <= first.makingCalls * 21 / 20, "\(first), \(last)")
        #expect(last.removingCalls <= first.removingCalls * 21 / 20, "\(first), \(last)")
        let violations = try invariants.violations().filter { !$0.hasPrefix("refs/heads/main: was") }
        #expect(violations == [])
    }
}
