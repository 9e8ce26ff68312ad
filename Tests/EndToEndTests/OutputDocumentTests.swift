import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `docs/output.md` against what the commands print: no field that is not documented, and none that is only documented.
@Suite struct OutputDocumentTests {
    private let directory: TemporaryDirectory
    private let workspace: SmallWorkspace

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.package(
            ["src/main.rs": "fn main() { println!(\"value: 1\") }\n", ".worktreeinclude": "*\n"],
            ignored: [".env", "/link"], in: directory)
    }

    private func json(_ arguments: String...) throws -> Any {
        let outcome = try runWT(arguments, in: workspace.path, environment: workspace.environment)
        guard let value = try? JSONSerialization.jsonObject(with: Data(outcome.output)) else {
            throw TestFailure("wt \(arguments): status \(outcome.status)\n\(outcome.text)\(outcome.errorText)")
        }
        return value
    }

    @Test func everyFieldIsAsDocumented() throws {
        var tables = try OutputTables("docs/output.md")
        let repository = workspace.repository
        try repository.write(".env", "secret")
        try workspace.build()
        // Units that no build reaches any more.
        var older = workspace.environment
        older["RUSTFLAGS"] = "--cfg once"
        _ = try CargoRun("build", in: workspace.path, environment: older)
        try workspace.build()
        try repository.write("target/mine", "")

        tables.check(try json("new", "--json", "--dry-run", "one"), "wt new --json")
        tables.check(try json("new", "--json", "one"), "wt new --json")
        tables.check(try json("new", "--json", "--no-seed", "--detach", "main"), "wt new --json")
        let plain = try repository.addWorktree("plain", branch: "topic")
        tables.check(try json("seed", "--json", "--dry-run", "topic"), "wt seed --json")
        tables.check(try json("seed", "--json", "topic"), "wt seed --json")
        tables.check(try json("explain", "--json", "topic"), "wt explain --json")
        tables.check(try json("explain", "--json"), "wt explain --json")
        tables.check(try json("dedupe", "--json", "--dry-run"), "wt dedupe --json")
        tables.check(try json("dedupe", "--json"), "wt dedupe --json")
        try repository.git("worktree", "add", "--quiet", "-b", "other", "../other")
        try repository.git("commit", "--quiet", "--allow-empty", "--message", "of topic", in: plain)
        try repository.git("merge", "--quiet", "topic")
        try FileManager.default.createSymbolicLink(
            atPath: "\(directory.path)/other/target", withDestinationPath: plain.appending("target").string)
        tables.check(try json("clean", "--json", "--stale", "--yes", "main"), "wt clean --json")
        tables.check(try json("clean", "--json", "--merged", "--dry-run"), "wt clean --json")
        tables.check(try json("clean", "--json", "--yes", "main", "other"), "wt clean --json")
        tables.check(try json("prune", "--json", "--merged", "--dry-run"), "wt rm --json")
        tables.check(try json("rm", "--json", "--dry-run", "one"), "wt rm --json")
        tables.check(try json("rm", "--json", "one"), "wt rm --json")
        #expect(tables.problems == [])
        // A seeding is stopped by a full disk.
        #expect(tables.unseen == ["seed.stopped"])
    }
}

/// The tables of fields on the page.
private struct OutputTables {
    private struct Field {
        let name: String
        let type: String
        let isOptional: Bool
    }

    private var tables: [String: [Field]] = [:]
    private var seen: Set<String> = []
    private(set) var problems: [String] = []

    init(_ path: String) throws {
        var heading = ""
        for line in try Document(path).text.split(separator: "\n") {
            if line.hasPrefix("#") {
                heading = line.filter { $0 != "#" && $0 != "`" }.trimmingCharacters(in: .whitespaces)
            } else if line.hasPrefix("| `") {
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                let isOptional = cells[1].hasSuffix("?")
                let name = cells[0].filter { $0 != "`" }
                tables[heading, default: []].append(
                    Field(name: name, type: isOptional ? String(cells[1].dropLast()) : cells[1], isOptional: isOptional)
                )
            }
        }
    }

    /// Fields that no output had.
    var unseen: [String] {
        tables.flatMap { table, fields in fields.map { "\(table).\($0.name)" } }.filter { !seen.contains($0) }.sorted()
    }

    mutating func check(_ value: Any, _ type: String, at place: String? = nil) {
        let place = place ?? type
        if let fields = tables[type] {
            guard let object = value as? [String: Any] else { return complain(place, type) }
            for field in fields {
                guard let part = object[field.name] else {
                    if !field.isOptional { problems.append("\(place).\(field.name) is missing") }
                    continue
                }
                seen.insert("\(type).\(field.name)")
                check(part, field.type, at: "\(place).\(field.name)")
            }
            for name in object.keys where !fields.contains(where: { $0.name == name }) {
                problems.append("\(place).\(name) is not documented")
            }
        } else if type.hasPrefix("[") {
            guard let array = value as? [Any] else { return complain(place, type) }
            for item in array { check(item, String(type.dropFirst().dropLast()), at: place + "[]") }
        } else if !isScalar(value, type) {
            complain(place, type)
        }
    }

    private mutating func complain(_ place: String, _ type: String) { problems.append("\(place) is no \(type)") }

    private func isScalar(_ value: Any, _ type: String) -> Bool {
        let isBoolean = JSONSchema.isBoolean(value)
        return switch type {
        case "string": value is String
        case "boolean": isBoolean
        case "integer": !isBoolean && (value as? NSNumber).map { $0.doubleValue == Double($0.int64Value) } == true
        case "number": !isBoolean && value is NSNumber
        default: false
        }
    }
}
