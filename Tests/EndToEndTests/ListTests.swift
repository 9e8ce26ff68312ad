import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `wt list` as users and scripts meet it.
@Suite struct ListTests {
    let directory: TemporaryDirectory
    let repository: TestRepository

    init() throws {
        directory = try TemporaryDirectory()
        repository = try TestRepository(in: directory)
        try repository.write("a.txt", "one\n")
        try repository.write("Cargo.toml", SmallWorkspace.manifest("app"))
        try repository.write(".gitignore", "/target\n")
        try repository.commit("first")
    }

    private func wt(_ arguments: String..., in place: FilePath? = nil) throws -> ChildProcess.Outcome {
        try runWT(["list"] + arguments, in: place ?? repository.path, environment: repository.environment)
    }

    @discardableResult
    private func sh(_ script: String, environment more: [String: String] = [:]) throws -> ChildProcess.Outcome {
        let outcome = try ChildProcess(
            "sh", ["-ec", script], in: repository.path, environment: repository.environment.merging(more) { $1 }
        ).run()
        guard outcome.status == 0 else { throw TestFailure("\(script): \(outcome.errorText)") }
        return outcome
    }

    private func makeEverything() throws {
        try sh(
            """
            git clone -q --bare . ../origin.git; git remote add origin ../origin.git; git fetch -q
            git remote set-head origin main; git branch -q --set-upstream-to origin/main
            w() { git worktree add -q -b $1 ../$1 $2; cd ../$1; }
            (w squashed; echo x > x; git add x; git commit -qm x)
            git merge -q --squash squashed; git commit -qm squash
            echo m > m; git add m; git commit -qm m
            (w dirty; echo y >> a.txt; echo n > new; git add new; echo z > untracked)
            (w conflict; echo c > a.txt; git commit -qam c; git switch -qc aside HEAD~1; echo d > a.txt; git commit -qam d
            git merge -q conflict > /dev/null || true)
            (w gone origin/main; git config branch.gone.merge refs/heads/none; git commit -q --allow-empty -m g)
            git worktree add -q --detach ../detached; git worktree lock --reason 'a "reason"' ../detached
            (w lost); rm -r ../lost; (w broken); echo junk > .git/worktrees/broken/index
            mkdir -p target/debug/.fingerprint; echo x > target/debug/x; git branch spare
            """)
    }

    // MARK: JSON

    @Test func theSchemaHolds() throws {
        try makeEverything()
        let printed = try wt("--json-schema", in: "/")
        #expect(printed.status == 0 && printed.errorText == "")
        let schema = try JSONSchema(printed.output)
        for arguments in [[], ["--branches"], ["--no-size", "--branches"], ["--sort", "state"]] {
            let outcome = try runWT(
                ["list", "--json"] + arguments, in: repository.path, environment: repository.environment)
            #expect(outcome.status == 0)
            #expect(try schema.problems(in: outcome.output) == [], "\(arguments)")
        }
        try sh("git clone -q --bare . ../bare.git; rm -rf ../empty; git init -q ../empty")
        for name in ["bare.git", "empty"] {
            let output = try wt("--json", "--branches", in: directory.appending(name)).output
            #expect(try schema.problems(in: output) == [], "\(name)")
        }
    }

    /// Every property of the schema is found in real output, so that none is made up.
    @Test func theSchemaDescribesNothingElse() throws {
        try makeEverything()
        let output = try wt("--json", "--branches").output
        var found: Set<String> = []
        func collect(_ value: Any) {
            if let fields = value as? [String: Any] {
                found.formUnion(fields.keys)
                fields.values.forEach(collect)
            }
            (value as? [Any])?.forEach(collect)
        }
        collect(try JSONSerialization.jsonObject(with: Data(output)))
        var described: Set<String> = []
        func describe(_ value: Any) {
            if let fields = value as? [String: Any] {
                if let properties = fields["properties"] as? [String: Any] { described.formUnion(properties.keys) }
                fields.values.forEach(describe)
            }
        }
        describe(try JSONSerialization.jsonObject(with: Data(wt("--json-schema").output)))
        #expect(described == found)
    }

    @Test func wrongDocumentsAreFound() throws {
        try makeEverything()
        let schema = try JSONSchema(wt("--json-schema").output)
        let text = try wt("--json").text
        for (right, wrong, problem) in [
            (#""version" : 1"#, #""version" : 2"#, "$.version is not 1"),
            (#""isMain" : true"#, #""isMain" : 1"#, "$.worktrees[0].isMain is no boolean"),
            (#""isMain" : true"#, #""isMine" : true"#, "$.worktrees[0].isMine is not known"),
            (#""isBare" : false,"#, "", "$.worktrees[0].isBare is missing"),
            (#""staged" : 0"#, #""staged" : -1"#, "$.worktrees[0].status.staged is less than 0"),
            (#""staged" : 0"#, #""staged" : 0.5"#, "$.worktrees[0].status.staged is no integer"),
            (#""how" : "squashed""#, #""how" : "magic""#, ".merged.how is none of "),
            (#""locked" : "a \"reason\"""#, #""locked" : null"#, ".locked is no string"),
        ] {
            try #require(text.contains(right), "\(right)\n\(text)")
            let changed = Array(text.replacing(right, with: wrong, maxReplacements: 1).utf8)
            let problems = try schema.problems(in: changed)
            #expect(problems.contains { $0.contains(problem) }, "\(problems)")
        }
    }

    @Test func twoRunsPrintTheSame() throws {
        try makeEverything()
        let first = try wt("--json", "--branches")
        for _ in 0..<3 { #expect(try wt("--json", "--branches").text == first.text) }
        #expect(first.errorText.contains("broken: "))
    }

    // MARK: The table

    /// The lines without what depends on the moment.
    private func table(_ arguments: String...) throws -> [String] {
        let outcome = try runWT(
            ["list"] + arguments, in: repository.path, environment: repository.environment)
        #expect(!outcome.text.contains("\u{1b}") && !outcome.text.contains("…"))
        return outcome.text.split(separator: "\n").map(String.init)
    }

    @Test func whatTheTableSays() throws {
        try makeEverything()
        let rows = try table("--branches").map { line in
            withoutAges([line])[0].replacing(#/ {2,}/#, with: "|")
                .replacing("\(directory.path)", with: "").replacing(/[0-9a-f]{7}\)/, with: "ID)")
        }
        let size = try cacheSize()
        #expect(
            rows
                == [
                    "|branch|state|upstream|main|cache|age|path",
                    "@|main|clean|↑2|\(size)|now|/repository",
                    "|broken|unknown|=|now|/broken",
                    "|aside|1 conflicted, merge|↑1|now|/conflict",
                    "|(detached ID)|clean, locked|=|now|/detached",
                    "|dirty|1 staged, 1 modified, 1 untracked|=|now|/dirty",
                    "|gone|clean|gone|↑1 ↓2|now|/gone",
                    "|lost|prunable|=|now|/lost",
                    "|squashed|clean|↑1 ↓2 squashed|now|/squashed",
                    "|conflict|↑1",
                    "|spare|=",
                ])
    }

    private func cacheSize() throws -> String {
        let total = try diskUsage(of: [repository.path.appending("target")]).total / 1024
        return total >= 10 ? "\(total)K/\(total)K" : "\(total).0K/\(total).0K"
    }

    @Test func columnsWithNothingToSayAreLeftOut() throws {
        #expect(try table()[0].split(separator: " ") == ["branch", "state", "age", "path"])
        #expect(try wt("--no-size", "--sort", "cache").status == 64)
        #expect(try wt("--sort", "size").status == 64)
    }

    // MARK: On a terminal

    /// What a terminal of this size shows, and the bytes that it got. `git` is what every call of git does first.
    private func onTerminal(
        width: Int, height: Int, term: String = "xterm", git: String? = nil, _ arguments: String = ""
    ) throws -> (screen: Screen, bytes: String) {
        var path = repository.environment["PATH"] ?? ""
        if let git {
            let real = try sh("command -v git").text.split(separator: "\n").first ?? ""
            try makeProgram(directory.appending("bin/git"), "#!/bin/sh\n\(git)\nexec \(real) \"$@\"\n")
            path = "\(directory.path)/bin:\(path)"
        }
        return try onTerminalOf(
            width: width, height: height, "'\(productsDirectory)/wt' list \(arguments); echo status $?",
            in: repository.path,
            environment: repository.environment.merging(["TERM": term, "PATH": path]) { $1 })
    }

    private func withoutAges(_ lines: [String]) -> [String] {
        lines.map { $0.replacing(#/ {2,}/#, with: "  ").replacing(/[0-9]+ (second|minute)s? ago/, with: "now") }
    }

    @Test func theTableOnATerminalEndsAsThePlainOne() throws {
        try makeEverything()
        let plain = try withoutAges(table("--branches")) + ["status 0"]
        // A git that takes its time, so that there is something to fill in.
        let live = try onTerminal(width: 200, height: 30, git: "sleep 0.2", "--branches")
        #expect(live.bytes.contains("…") && live.bytes.contains("\u{1b}[2K"))
        let warning = live.screen.lines.firstIndex { $0.hasPrefix("warning: ") } ?? 0
        #expect(withoutAges(Array(live.screen.lines[..<warning])) == plain.dropLast())
        #expect(live.screen.lines.last == "status 0")
    }

    @Test(arguments: [(200, 8, "xterm"), (200, 30, "dumb"), (8, 30, "xterm")])
    func elsewhereItIsDrawnOnce(_ width: Int, _ height: Int, _ term: String) throws {
        try makeEverything()
        let drawn = try onTerminal(width: width, height: height, term: term, git: "sleep 0.1", "--no-size")
        #expect(!drawn.bytes.contains("\u{1b}[2K") && !drawn.bytes.contains("\u{1b}[J"))
        // The row of the current worktree.
        #expect(drawn.bytes.components(separatedBy: "@").count == 2)
        #expect(drawn.screen.lines.last == "status 0")
    }

    @Test func anInterruptionLeavesTheTerminalInOrder() throws {
        try makeEverything()
        let drawn = try onTerminal(width: 200, height: 30, git: "kill -INT $PPID; sleep 1")
        #expect(drawn.screen.lines.last == "status 130")
        #expect(drawn.screen.cursor.column == 0)
    }
}
