import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// The answers to TAB, and what they cost.
@Suite struct CompletionTests {
    let directory: TemporaryDirectory
    let repository: TestRepository
    /// As the script of `wt shell` hands it over.
    let table: String

    init() throws {
        directory = try TemporaryDirectory()
        repository = try TestRepository(in: directory)
        try repository.commit()
        let script = try runWT(["shell", "fish"], in: "/", environment: repository.environment).text
        let start = try #require(script.firstRange(of: "__complete fish '")).upperBound
        let end = try #require(script.firstRange(of: "' $wt_words")).lowerBound
        table = String(script[start..<end]).replacing(#"\'"#, with: "'").replacing(#"\\"#, with: #"\"#)
    }

    private func complete(_ shell: String, _ words: [String], in place: FilePath? = nil) throws -> [String] {
        let outcome = try runWT(
            ["__complete", shell, table] + words, in: place ?? repository.path, environment: repository.environment)
        #expect(outcome.status == 0 && outcome.errorText == "")
        return outcome.text.split(separator: "\n").map(String.init)
    }

    /// What fish is given, without descriptions.
    private func words(_ words: String..., in place: FilePath? = nil) throws -> [String] {
        try complete("fish", words, in: place).map { String($0.prefix { $0 != "\t" }) }
    }

    // MARK: Words

    @Test func aDirectoryIsNoOption() throws {
        try repository.git("worktree", "add", "--quiet", "--detach", directory.appending("-dash").string)
        #expect(try Set(words("switch", "")) == ["main", directory.appending("-dash").string])
    }

    @Test func commandsAndTheirOptions() throws {
        let help = try runWT(["help"], in: "/", environment: repository.environment).text
        let commands = try words("")
        #expect(Set(commands).isSuperset(of: ["new", "list", "ls", "switch", "cd", "rm", "shell", "help"]))
        #expect(!commands.contains("empty-trash"))
        for command in commands { #expect(help.contains(command), "\(command)") }
        for command in commands where command != "help" {
            let usage = try runWT(["help", command], in: "/", environment: repository.environment).text
            let options = try words(command, "-")
            #expect(options.contains("--help") && options.contains("-C"), "\(command)")
            for option in options { #expect(usage.contains(option), "\(command) \(option)") }
        }
        #expect(try words("help", "").contains("switch"))
        #expect(try complete("fish", ["rm", "--k"]).contains("--keep-branch\tKeep the branch"))
        #expect(try complete("zsh", ["rm", "--k"]).contains("--keep-branch:Keep the branch"))
        #expect(try words("list", "--sort", "") == ["path", "branch", "age", "cache", "state"])
        #expect(try words("list", "--color=").contains("--color=auto"))
        #expect(try words("-C", "") == [":directories"])
        #expect(Set(try words("-v", "-")).isSuperset(of: ["-C", "-q", "--color"]))
        #expect(try words("shell", "") == ["bash", "zsh", "fish"])
    }

    /// Every value that the help names is of a kind that is known, so that a new one is not left out unseen.
    @Test func everyValueIsOfAKind() throws {
        let dump = try runWT(["--experimental-dump-help"], in: "/", environment: repository.environment)
        let root = try #require(JSONSerialization.jsonObject(with: Data(dump.output)) as? [String: Any])
        let commands = try #require((root["command"] as? [String: Any])?["subcommands"] as? [[String: Any]])
        for command in commands {
            for argument in command["arguments"] as? [[String: Any]] ?? [] {
                guard argument["kind"] as? String != "flag", argument["allValues"] == nil else { continue }
                let name = try #require(argument["valueName"] as? String)
                let known = [
                    "worktree", "worktrees", "branch", "start-point", "dir", "subcommands", "topic", "age", "text",
                    "command", "agent",
                ]
                #expect(known.contains(name), "\(command["commandName"] ?? ""): see CommandTable.Values for <\(name)>")
            }
        }
    }

    @Test func branchesAndWorktrees() throws {
        try repository.branch("topic/one")
        try repository.branch("it's$odd;")
        for name in ["refs/remotes/origin/far", "refs/remotes/origin/main", "refs/heads/packed"] {
            try repository.git("update-ref", name, "HEAD")
        }
        try repository.git("pack-refs", "--all")
        try repository.branch("loose")
        try repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
        try repository.write(".git/refs/heads/half.lock", "")
        try repository.git("worktree", "add", "--quiet", "../one", "topic/one")
        try repository.git("worktree", "add", "--quiet", "--detach", "../odd \"name\"")
        try repository.git("worktree", "add", "--quiet", "--detach", "../line\nend")
        #expect(try words("new", "").sorted() == ["far", "it's$odd;", "loose", "packed"])
        let all = ["it's$odd;", "loose", "main", "origin/far", "origin/main", "packed", "topic/one"]
        #expect(try words("new", "x", "").sorted() == all)
        #expect(try words("new", "x", "y", "") == [])
        #expect(try Set(words("rm", "")) == ["main", "topic/one", "odd \"name\""])
        #expect(try Set(words("rm", "main", "-f", "")) == ["topic/one", "odd \"name\""])
        #expect(try words("switch", "-c", "").contains("loose"))
        #expect(try words("seed", "--from", "") == words("rm", ""))
        #expect(try words("clean", "--all-but=").contains("--all-but=topic/one"))
        #expect(try words("rm", "--", "").contains("main"))
        // From another worktree, from a subdirectory, from outside with -C, and nowhere.
        #expect(try words("rm", "", in: directory.appending("one")).contains("main"))
        #expect(try words("rm", "", in: repository.path.pushing(".git/refs")).contains("main"))
        #expect(try words("-C", repository.path.string, "rm", "", in: "/").contains("main"))
        #expect(try words("rm", "", in: "/") == [])
        try repository.git("clone", "--quiet", "--bare", ".", "../bare.git")
        #expect(try words("rm", "", in: directory.appending("bare.git")) == [])
        #expect(try words("new", "", in: directory.appending("bare.git")).contains("loose"))
    }

    /// What bash takes for the word begins behind the last `=`, `@` or open quote.
    @Test(arguments: [
        ("wt new it", "it", [#"it\'s\$odd\;"#]), (#"wt new "it"#, "it", [#"it's\$odd;"#]),
        (#"wt new 'it"#, "it", [#"it'\''s$odd;"#]), (#"wt new it\'s"#, #"it\'s"#, [#"it\'s\$odd\;"#]),
        ("wt new a@b=c", "c", ["cd"]), ("wt new a@", "@", ["@b=cd"]), ("wt new 'a@b", "a@b", ["a@b=cd"]),
        ("wt seed --from=ma", "ma", ["main"]),
        ("X=1 wt -q list --sort=", "", ["path", "branch", "age", "cache", "state"]),
        ("wt rm ma", "ma", ["main"]), ("wt rm -x", "-x", []), ("wt new --path x", "x", [":directories"]),
    ])
    func bashGetsWhatItReplaces(_ line: String, _ replaced: String, _ answer: [String]) throws {
        try repository.branch("it's$odd;")
        try repository.branch("a@b=cd")
        #expect(try complete("bash", [line, replaced]) == answer)
    }

    // MARK: Cost

    /// The names of the system calls of one TAB.
    private func calls(_ words: [String]) throws -> [String] {
        let log = directory.appending("strace")
        let outcome = try ChildProcess(
            "strace",
            ["-f", "-o", log.string, productsDirectory.appending("wt").string, "__complete", "zsh", table] + words,
            in: repository.path, environment: repository.environment
        ).run()
        #expect(outcome.status == 0 && outcome.text.split(separator: "\n").count > 40)
        return String(decoding: try readFile(log), as: UTF8.self).split(separator: "\n").compactMap {
            $0.firstMatch(of: /^[0-9]+ +([a-z0-9_]+)\(/).map { String($0.1) }
        }
    }

    /// Twenty times as many branches take hardly more system calls, and no process is started: what a TAB costs is the
    /// start of wt.
    @Test(arguments: [true, false])
    func athousandBranchesAreNoWork(_ isPacked: Bool) throws {
        let commit = try repository.git("rev-parse", "HEAD")
        func make(_ range: ClosedRange<Int>) throws {
            for number in range { try repository.write(".git/refs/heads/topic-\(number)", commit + "\n") }
            if isPacked { try repository.git("pack-refs", "--all") }
        }
        try make(1...50)
        let few = try calls(["new", ""])
        try make(51...1000)
        let many = try calls(["new", ""])
        #expect(try words("new", "").count == 1000)
        #expect(many.count < few.count + 100, "\(few.count) calls with 50 branches, \(many.count) with 1000")
        // `clone` makes threads as well, of which there is no need either.
        for name in ["fork", "vfork", "clone", "clone3"] { #expect(!many.contains(name)) }
        #expect(many.count { $0 == "execve" } == 1)
    }
}
