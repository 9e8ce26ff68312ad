import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What `docs/agents.md` tells people to write and to run, run.
@Suite struct AgentDocumentTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace
    private let document: Document

    init() throws {
        document = try Document("docs/agents.md")
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.package(
            ["src/main.rs": "fn main() { println!(\"value: 1\") }\n"], ignored: [".env*", "*.key"], in: directory)
    }

    private func sh(
        _ script: String, _ arguments: [String] = [], in place: FilePath? = nil, settings: [String: String] = [:]
    ) throws -> ChildProcess.Outcome {
        let search = "\(productsDirectory):\(workspace.environment["PATH"] ?? "")"
        return try ChildProcess(
            "sh", ["-euc", script, "sh"] + arguments, in: place ?? workspace.path,
            environment: workspace.environment.merging(settings.merging(["PATH": search]) { $1 }) { $1 }
        ).run()
    }

    /// The README has some of the blocks, too.
    @Test func theReadmeSaysTheSame() throws {
        let readme = try Document("README.md")
        #expect(Set(readme.names) == ["claude-code", "cursor", "codex", "script"])
        for name in Set(readme.names) {
            for block in readme.blocks(name) { #expect(document.blocks(name).contains(block), "\(name)") }
        }
    }

    @Test func thePatternsSelectWhatTheySay() throws {
        let files = [".env", ".env.local", ".env.example", "config/a.key", "b.key"]
        for file in files { try workspace.repository.write(file, "") }
        try workspace.repository.write(".worktreeinclude", try document.block(".worktreeinclude"))
        let made = try MadeWorktree("topic", from: workspace)
        let there = files.filter { FileStatus.ifPresent(made.path.pushing(FilePath($0))) != nil }
        #expect(there == [".env", ".env.local", "config/a.key"])
    }

    @Test func theHooksOfClaudeCodeDoWhatTheySay() throws {
        struct Settings: Decodable {
            struct Hook: Decodable {
                let type: String
                let command: String
            }
            struct Matcher: Decodable { let hooks: [Hook] }
            let hooks: [String: [Matcher]]
        }
        let settings = try JSONDecoder().decode(Settings.self, from: Data(document.block("claude-code").utf8))
        #expect(Set(settings.hooks.keys) == ["WorktreeCreate", "WorktreeRemove"])
        let made = directory.appending("repository.worktree-bold-oak")
        for (event, answer) in [("WorktreeCreate", "\(made)\n"), ("WorktreeRemove", "")] {
            let hook = try #require(settings.hooks[event]?.first?.hooks.first)
            #expect(hook.type == "command")
            let input = try document.block(event).replacingOccurrences(
                of: "/home/me/project", with: workspace.path.string)
            #expect(input.contains(event))
            let outcome = try sh("printf %s \"$1\" | \(hook.command)", [input])
            #expect(outcome.status == 0 && outcome.text == answer, "\(outcome.errorText)")
            #expect((FileStatus.ifPresent(made) != nil) == (event == "WorktreeCreate"))
        }
        // The help says the same.
        let help = try sh("wt hook --help").text.filter { !$0.isWhitespace }
        #expect(try help.contains(document.block("claude-code").filter { !$0.isWhitespace }))
    }

    @Test func theSetupOfCursorWarmsItsWorktrees() throws {
        let setup = try JSONDecoder().decode([String: [String]].self, from: Data(document.block("cursor").utf8))
        try workspace.repository.write(".env", "mine")
        try workspace.build()
        let theirs = try workspace.repository.addWorktree("theirs", branch: "topic")
        for command in try #require(setup["setup-worktree"]) {
            let outcome = try sh(command, in: theirs, settings: ["ROOT_WORKTREE_PATH": workspace.path.string])
            #expect(outcome.status == 0, "\(command): \(outcome.errorText)")
        }
        #expect(try readFile(theirs.appending(".env")) == Array("mine".utf8))
        let build = try workspace.build(in: theirs)
        #expect(build.log.compiledNothing, "\(build.errors)")
    }

    @Test func theSetupOfCodexWarmsItsWorktrees() throws {
        let text = try document.block("codex")
        let script = try #require(text.components(separatedBy: "'''").dropFirst().first, "no script")
        #expect(text.contains("[setup]"))
        try workspace.build()
        let theirs = try workspace.repository.addWorktree("theirs", branch: "topic")
        let outcome = try sh(script, in: theirs)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let build = try workspace.build(in: theirs)
        #expect(build.log.compiledNothing, "\(build.errors)")
    }

    @Test func theScriptsRun() throws {
        try workspace.build()
        let scripts = document.blocks("script")
        #expect(scripts.count == 2)
        for script in scripts {
            let outcome = try sh(script)
            #expect(outcome.status == 0, "\(script)\n\(outcome.text)\(outcome.errorText)")
        }
        #expect(try workspace.repository.git("log", "-1", "--format=%s", "main") == "Fix a typo")
        #expect(try workspace.repository.git("worktree", "list").split(separator: "\n").count == 1)
    }

    @Test func everyBlockIsTriedOrLeftByName() throws {
        #expect(
            document.names == [
                ".worktreeinclude", "claude-code", "WorktreeCreate", "WorktreeRemove", "cursor", "codex", "script",
                "script",
            ])
        // `codex` itself is on no machine that runs this.
        #expect(document.untried.map { $0.contains("codex") } == [true])
    }
}
