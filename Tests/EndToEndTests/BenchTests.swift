import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What `scripts/bench` makes of figures; that it measures the right thing is for its readers to judge.
@Suite struct BenchTests {
    private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    private func bench(_ arguments: String...) throws -> String {
        let outcome = try ChildProcess(
            Self.root.appending("scripts/bench").string, arguments, environment: ProcessInfo.processInfo.environment
        ).run()
        guard outcome.status == 0 else { throw TestFailure("scripts/bench: \(outcome.errorText)") }
        return String(outcome.text.dropLast())
    }

    /// A table with one figure for each contestant and round.
    private func table(
        _ subject: String, _ input: String, _ rows: [(String, [Double])], facts: [String: Any] = [:]
    ) -> [String: Any] {
        [
            "subject": subject, "input": input, "reference": rows[0].0, "rounds": rows[0].1.count, "facts": facts,
            "rows": rows.map { ["name": $0.0, "figures": ["seconds": $0.1]] },
        ]
    }

    private func shown(_ tables: [[String: Any]]) throws -> String {
        let directory = try TemporaryDirectory()
        let file = directory.appending("run.json")
        try JSONSerialization.data(withJSONObject: ["tables": tables]).write(to: URL(filePath: file.string))
        return try bench("--show", file.string)
    }

    @Test func mediansAndTheirRatios() throws {
        let text = try shown([
            table(
                "list", "20 worktrees", [("git status in each, in turn", [1, 9, 2]), ("wt list", [0.5, 0.6, 40])])
        ])
        #expect(text.contains("\ngit status in each, in turn   2.00 s   1.00\n"))
        #expect(text.contains("\nwt list                       0.60 s   0.30\n"))
    }

    @Test(arguments: [(0.59, "met      "), (0.61, "NOT MET  ")])
    func aTargetIsMetOrNot(seconds: Double, verdict: String) throws {
        let text = try shown([
            table("list", "20 worktrees", [("git status in each, in turn", [2]), ("wt list", [seconds])])
        ])
        #expect(text.split(separator: "\n").last!.hasPrefix(verdict), "\(text)")
    }

    /// Ten times the files in ten times the time is linear, in a hundred times it is quadratic.
    @Test(arguments: [(10.0, "1.00"), (100.0, "2.00")])
    func howTheTimeGrows(factor: Double, exponent: String) throws {
        let sizes = [(1000, 1.0), (10000, factor), (100_000, factor * factor)]
        let text = try shown(
            sizes.map { files, seconds in
                table(
                    "populating", "synthetic, \(files) files, legacy layout, ext4",
                    [
                        ("the limit: the same links and copies, from a list", [1]), ("wt seed", [seconds]),
                        ("cp -al", [1]),
                    ], facts: ["files": files, "file system": "ext4"])
            })
        #expect(text.contains("\(exponent), the exponent     wt seed, legacy layout\n"), "\(text)")
    }

    /// The README's figures are those of the run that it names.
    @Test func theReadmeHasAStoredRun() throws {
        let readme = String(decoding: try readFile(Self.root.appending("README.md")), as: UTF8.self)
        let match = try #require(
            readme.firstMatch(of: /<!-- scripts\/bench --readme (\S+) -->\n([\s\S]*?)\n<!-- end -->/))
        let printed = try bench("--readme", Self.root.pushing(FilePath(String(match.1))).string)
        #expect(printed == match.2)
    }
}
