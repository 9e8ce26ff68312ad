import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What scripts may rely on: streams, exit statuses, shapes of JSON.
@Suite struct ContractTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
    }

    private func wt(
        _ arguments: String..., in place: FilePath? = nil, settings: [String: String] = [:]
    ) throws -> ChildProcess.Outcome {
        try runWT(
            arguments, in: place ?? workspace.path, environment: workspace.environment.merging(settings) { $1 })
    }

    private func json(_ outcome: ChildProcess.Outcome) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(outcome.output))
        return try #require(value as? [String: Any], "\(outcome.text)")
    }

    // MARK: Streams

    @Test func thePathAloneGoesToStandardOutput() throws {
        let made = try wt("new", "topic")
        #expect(made.status == 0)
        #expect(made.text == "\(directory.path)/repository.topic\n")
        #expect(!made.errors.isEmpty)
        let quiet = try wt("new", "-q", "feature/quiet")
        #expect(quiet.status == 0)
        #expect(quiet.text == "\(directory.path)/repository.feature-quiet\n")
        #expect(quiet.errorText == "")
        let global = try wt("-q", "new", "also-quiet")
        #expect(global.errorText == "" && global.status == 0)
    }

    @Test func aShellChangesIntoTheNewWorktree() throws {
        var environment = workspace.environment
        environment["PATH"] = "\(productsDirectory):\(environment["PATH"] ?? "")"
        let shell = try ChildProcess(
            "sh", ["-c", #"cd "$(wt new 'x$(touch${IFS}pwned)')" && pwd -P && git branch --show-current"#],
            in: workspace.path, environment: environment
        ).run()
        #expect(shell.status == 0, "\(shell.errorText)")
        #expect(shell.text == "\(directory.path)/repository.x--touch--IFS-pwned-\nx$(touch${IFS}pwned)\n")
        #expect(files(below: directory.path) { $0.hasSuffix("/pwned") } == 0)
    }

    @Test func verboseNamesEveryColdUnitAsJSONDoes() throws {
        try workspace.build(.legacy, ["--all-targets"])
        let made = try MadeWorktree("one", from: workspace)
        let told = try wt("new", "-v", "two")
        let lines = told.errorText.split(separator: "\n").filter { $0.hasPrefix("cold: ") }.map(String.init)
        let named = made.answer.seed.units.filter { $0.action == "cold" }.map { unit in
            let package = [unit.package, unit.version].compactMap { $0 }.joined(separator: " ")
            return "cold: \(unit.profile) \(package) \(unit.unit): \(unit.reason ?? "")"
        }
        #expect(lines.sorted() == named.sorted())
        #expect(lines.count == made.answer.seed.unitsCold && lines.count > 3)
    }

    // MARK: Dry runs

    @Test func aDryRunWritesNothingAndCountsRight() throws {
        try workspace.build(.legacy, ["--all-targets"])
        let before = try TreeSnapshot(directory.path)
        let dry = try wt("new", "--dry-run", "--json", "topic")
        let words = try wt("new", "--dry-run", "-v", "topic")
        let removal = try wt("rm", "--dry-run", "^")
        #expect(dry.status == 0 && words.status == 0 && removal.status == 1)
        #expect(try TreeSnapshot(directory.path).differences(from: before) == [])

        let plan = try json(dry)
        #expect(
            Set(plan.keys) == [
                "version", "dryRun", "path", "branch", "branchCreated", "commit", "native", "gitFiles", "gitReasons",
                "seed",
                "notes",
            ])
        let seed = try #require(plan["seed"] as? [String: Any])
        let units = try #require(seed["units"] as? [[String: Any]])
        func count(_ action: String) -> Int { units.filter { $0["action"] as? String == action }.count }
        let made = try MadeWorktree("topic", from: workspace)
        #expect(plan["path"] as? String == made.path.string)
        #expect(count("link") == made.answer.seed.unitsLinked && count("link") > 5)
        #expect(count("copy") == made.answer.seed.unitsCopied && count("copy") > 5)
        #expect(count("cold") == made.answer.seed.unitsCold && count("cold") > 3)
        #expect(seed["bytesShared"] as? Int64 == made.answer.seed.bytesShared)
        #expect(words.text.contains("would seed from \(workspace.path): \(count("link")) units linked"))
    }

    // MARK: JSON

    @Test func theAnswerOfNewHasItsFields() throws {
        try workspace.build()
        let answer = try json(wt("new", "--json", "topic"))
        #expect(
            Set(answer.keys) == [
                "version", "path", "branch", "branchCreated", "commit", "native", "gitFiles", "gitReasons", "seed",
                "notes",
                "secondsCheckout", "secondsSeeding",
            ])
        #expect(answer["version"] as? Int == 1)
        #expect(answer["branch"] as? String == "topic")
        #expect(answer["branchCreated"] as? Bool == true)
        #expect(try answer["commit"] as? String == workspace.repository.git("rev-parse", "topic"))
        let seed = try #require(answer["seed"] as? [String: Any])
        #expect(
            Set(seed.keys) == [
                "donors", "unitsLinked", "unitsCopied", "unitsCold", "unitsLeft", "bytesShared", "bytesWritten",
                "bytesCloned", "bytesLeft", "units",
            ])
        #expect(seed["donors"] as? [String] == [workspace.path.string])
        let units = try #require(seed["units"] as? [[String: Any]])
        let cold = try #require(units.first { $0["action"] as? String == "cold" })
        #expect(
            Set(cold.keys) == ["package", "version", "unit", "kind", "profile", "action", "reason", "bytes"])
        #expect(try json(wt("new", "--json", "--no-seed", "cold"))["seed"] is [String: Any])
    }

    @Test func theListHasItsFields() throws {
        try workspace.build()
        let made = try MadeWorktree("topic", from: workspace)
        try workspace.repository.write("untracked", "", in: made.path)
        let list = try json(wt("list", "--json"))
        #expect(Set(list.keys) == ["version", "defaultBranch", "worktrees"])
        let rows = try #require(list["worktrees"] as? [[String: Any]])
        #expect(rows.map { $0["path"] as? String } == [workspace.path.string, made.path.string])
        #expect(rows.map { $0["branch"] as? String } == ["main", "topic"])
        #expect(rows.map { $0["isMain"] as? Bool } == [true, false])
        #expect(rows.map { $0["isCurrent"] as? Bool } == [true, false])
        #expect(rows.map { $0["isClean"] as? Bool } == [true, false])
        #expect((rows[1]["status"] as? [String: Int]) == ["staged": 0, "modified": 0, "untracked": 1, "conflicted": 0])
        for row in rows {
            let cache = try #require(row["cache"] as? [String: Any])
            #expect(cache["bytesExclusiveIsUpperBound"] is Bool)
            let exclusive = try #require(cache["bytesExclusive"] as? Int64)
            let total = try #require(cache["bytesTotal"] as? Int64)
            #expect(0 < exclusive && exclusive < total)
            // What is freed is what du counts less without it.
            let path = try #require(row["path"] as? String)
            let other = try #require(rows.first { $0["path"] as? String != path }?["path"] as? String)
            #expect(try du(["\(path)/target"]) == total)
            #expect(try du(["\(other)/target", "\(path)/target"]) - du(["\(other)/target"]) == exclusive)
        }
        let plain = try json(wt("list", "--json", "--no-size"))
        #expect((plain["worktrees"] as? [[String: Any]])?.allSatisfy { $0["cache"] == nil } == true)
    }

    /// The sum that du prints; each file is counted once.
    private func du(_ paths: [String]) throws -> Int64 {
        let outcome = try ChildProcess(
            "du", ["-sc", "--block-size=1"] + paths, environment: TestEnvironment.plain
        ).run()
        return try #require(
            outcome.text.split(separator: "\n").last?.split(separator: "\t").first.flatMap { Int64($0) })
    }

    // MARK: Exit statuses

    @Test func aRefusalChangesNothingAndSaysSoOnStandardError() throws {
        try workspace.repository.git("worktree", "add", "--quiet", "../taken", "other-lib")
        try workspace.repository.write("../repository.occupied/file", "mine")
        let before = try TreeSnapshot(directory.path)
        for words in [
            ["new", "main"], ["new", "other-lib"], ["new", "bad..name"], ["new", "x", "no-such-commit"],
            ["new", "occupied"], ["new", "--from", "nowhere", "x"], ["rm", "nowhere"], ["rm", "@"],
            ["list", "-C", "/"],
        ] {
            let outcome = try runWT(words, in: workspace.path, environment: workspace.environment)
            #expect(outcome.status == 1, "wt \(words): \(outcome.errorText)")
            #expect(outcome.text == "", "wt \(words)")
            #expect(outcome.errorText.hasPrefix("wt: "), "wt \(words): \(outcome.errorText)")
        }
        for words in [[], ["--bogus"], ["--reason", "x", "topic"], ["--from", "x", "--no-seed", "topic"]] {
            let outcome = try runWT(["new"] + words, in: workspace.path, environment: workspace.environment)
            #expect(outcome.status == 64, "wt new \(words): \(outcome.errorText)")
            #expect(outcome.text == "")
        }
        #expect(try TreeSnapshot(directory.path).differences(from: before) == [])
        try workspace.repository.git("config", "wt.path", "no-placeholder")
        #expect(try wt("new", "x").status == 64)
    }
}
