import ChildProcess
import Foundation
import SystemPackage
import TestSupport
import Testing

/// How `scripts/counts` compares two tables: that it fails when it should, and says what is wrong.
@Suite struct CountsTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func compare(_ stored: String, _ counted: String) throws -> ChildProcess.Outcome {
        let files = [
            try writeText(stored, directory.appending("stored")),
            try writeText(counted, directory.appending("counted")),
        ]
        return try runCounts(["--compare"] + files, in: directory)
    }

    // MARK: The comparison

    static let stored = """
        # A comment.
        tolerance .* 1 2
        tolerance starts:.* 0 0
        depends .* instructions swift
        depends built.* .* cargo rustc

        version swift 6.3.1
        version cargo 1.95.0 (f2d3ce0bd 2026-03-21)
        version rustc 1.95.0
        start instructions 10000
        start openat 3
        start starts:git 1
        built-4 openat 1000

        """

    struct Row: CustomTestStringConvertible {
        let name: String
        /// What stands in place of what in the stored table, to make the counted one.
        let changes: KeyValuePairs<String, String>
        let status: Int32
        /// What is said, in pieces.
        var says: [String] = []
        var saysNot = ["ABOVE", "below", "NOT"]
        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "equal", changes: [:], status: 0, says: ["4 counts compared"]),
        Row(name: "within tolerance", changes: ["openat 1000": "openat 1012", "t openat 3": "t openat 5"], status: 0),
        Row(
            name: "above", changes: ["openat 1000": "openat 1013"], status: 1,
            says: ["ABOVE", " built-4 ", " openat ", " 1000 ", " 1013 ", " +13 ", " +1.30%"],
            saysNot: ["below", "start "]),
        Row(
            name: "above a small count", changes: ["t openat 3": "t openat 6"], status: 1,
            says: ["ABOVE", " start ", "+3"], saysNot: ["built"]),
        Row(
            name: "the last rule holds", changes: ["git 1": "git 2"], status: 1, says: ["ABOVE", "starts:git"],
            saysNot: ["below"]),
        Row(
            name: "a call that was not there", changes: ["start openat": "start fsync 3\nstart openat"], status: 1,
            says: ["ABOVE", " fsync ", "+3", " new\n"], saysNot: ["below"]),
        Row(
            name: "below", changes: ["openat 1000": "openat 500"], status: 0,
            says: ["below what is stored; better, so record it", " built-4 ", " 500 ", "-50.00%"], saysNot: ["ABOVE"]),
        Row(
            name: "a call that is no more", changes: ["start openat 3\n": ""], status: 0,
            says: ["below", "-100.00%"], saysNot: ["ABOVE"]),
        Row(
            name: "new scenario", changes: ["built-4 ": "built-4 openat 1000\nother "], status: 1,
            says: ["NOT STORED yet:\n  other\n"], saysNot: ["ABOVE", "COUNTED"]),
        Row(
            name: "missing scenario", changes: ["built-4 openat 1000\n": ""], status: 1,
            says: ["NOT COUNTED any more:\n  built-4\n"], saysNot: ["ABOVE", "STORED"]),
        Row(
            name: "skipped", changes: ["built-4 openat 1000": "skipped built-4 there is no cargo"], status: 3,
            says: ["NOT COUNTED:\n  built-4: there is no cargo\n", "3 counts compared"], saysNot: ["ABOVE", "any more"]),
        Row(
            name: "another version", changes: ["swift 6.3.1": "swift 6.4"], status: 3,
            says: ["NOT COMPARED, 1 counts, since\n  swift is 6.4 here, and was 6.3.1\n", "3 counts compared"],
            saysNot: ["ABOVE"]),
        Row(
            name: "a version that says more", changes: ["2026-03-21": "2026-04-01", "openat 1000": "openat 9999"],
            status: 3, says: ["since\n  cargo is 1.95.0 (f2d3ce0bd 2026-04-01) here"], saysNot: ["ABOVE"]),
        Row(
            name: "no version", changes: ["version rustc 1.95.0\n": ""], status: 3,
            says: ["rustc is unknown here, and was 1.95.0"], saysNot: ["ABOVE"]),
        Row(
            name: "another version, and above", changes: ["swift 6.3.1": "swift 6.4", "openat 1000": "openat 2000"],
            status: 1, says: ["ABOVE", "NOT COMPARED"], saysNot: ["below"]),
        Row(name: "no table", changes: ["built-4 openat 1000": "built-4 openat"], status: 1, says: ["not a line"]),
    ]

    @Test(arguments: rows)
    func comparison(_ row: Row) throws {
        var counted = Self.stored
        for (old, new) in row.changes {
            #expect(counted.contains(old))
            counted = counted.replacing(old, with: new)
        }
        let outcome = try compare(Self.stored, counted)
        #expect(outcome.status == row.status, "\(outcome.text)\(outcome.errorText)")
        for text in row.says { #expect(outcome.text.contains(text), "\(text) in:\n\(outcome.text)") }
        for text in row.saysNot { #expect(!outcome.text.contains(text), "\(text) in:\n\(outcome.text)") }
    }

    /// What compared nothing must not look like a success.
    @Test func nothingIsNoSuccess() throws {
        #expect(try compare("", "").status == 3)
        #expect(try compare(Self.stored, "").status == 1)
        #expect(try runCounts(["--compare", "/nowhere", "/nowhere"], in: directory).status != 0)
        #expect(
            try runCounts(["--only", "start", "--table", directory.appending("none").string], in: directory).status == 1
        )
        #expect(try runCounts(["--record", "--only", "start"], in: directory).status == 1)
    }
}
