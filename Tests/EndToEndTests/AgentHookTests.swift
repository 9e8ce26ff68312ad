import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `wt hook claude-code`, fed with what Claude Code says.
@Suite struct AgentHookTests {
    let directory: TemporaryDirectory
    let repository: TestRepository

    init() throws {
        directory = try TemporaryDirectory()
        repository = try TestRepository(in: directory)
        try repository.write("src/lib.rs", "")
        try repository.commit()
    }

    private func hook(
        _ input: String, _ arguments: String = "claude-code", in place: FilePath? = nil
    ) throws -> ChildProcess.Outcome {
        try ChildProcess(
            "sh", ["-c", #"printf %s "$1" | "$2" hook \#(arguments)"#, "sh", input, "\(productsDirectory)/wt"],
            in: place ?? repository.path, environment: repository.environment
        ).run()
    }

    private func json(_ fields: [String: String]) throws -> String {
        let common = ["session_id": "abc123", "transcript_path": "/nowhere.jsonl", "cwd": repository.path.string]
        let data = try JSONSerialization.data(withJSONObject: common.merging(fields) { $1 })
        return String(decoding: data, as: UTF8.self)
    }

    private func create(_ name: String, in place: FilePath? = nil) throws -> ChildProcess.Outcome {
        try hook(json(["hook_event_name": "WorktreeCreate", "name": name]), in: place)
    }

    private func remove(_ path: FilePath, in place: FilePath? = nil) throws -> ChildProcess.Outcome {
        try hook(json(["hook_event_name": "WorktreeRemove", "worktree_path": path.string]), in: place)
    }

    @Test func aWorktreeIsMadeAndItsPathIsTheAnswer() throws {
        let path = directory.appending("repository.worktree-bold-oak")
        // The process can be anywhere: the hook says where the session is.
        let outcome = try create("bold-oak", in: "/")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text == "\(path)\n")
        #expect(try repository.git("branch", "--show-current", in: path) == "worktree-bold-oak")
        // Asked again, also from a worktree, and with work in it.
        try repository.write("work", "", in: path)
        for place in [repository.path, path] {
            let again = try create("bold-oak", in: place)
            #expect(again.status == 0 && again.text == "\(path)\n", "\(again.errorText)")
        }
        #expect(FileStatus.ifPresent(path.appending("work")) != nil)
    }

    @Test func filesThatGitIgnoresComeWithIt() throws {
        try repository.write(".gitignore", ".env\n.worktreeinclude\n")
        try repository.commit()
        try repository.write(".worktreeinclude", ".env\n")
        try repository.write(".env", "secret")
        let path = try create("x").text.dropLast()
        #expect(try readFile(FilePath("\(path)/.env")) == Array("secret".utf8))
    }

    /// The branch of an earlier session, whose worktree is gone.
    @Test func aBranchThatIsThereIsCheckedOut() throws {
        try repository.git("branch", "worktree-x")
        let outcome = try create("x")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let path = FilePath(String(outcome.text.dropLast()))
        #expect(try repository.git("branch", "--show-current", in: path) == "worktree-x")
    }

    /// What stands on a remote is nobody's wish here.
    @Test func aBranchOfARemoteIsAnotherOne() throws {
        let head = try repository.git("rev-parse", "HEAD")
        try repository.git("remote", "add", "origin", "/nowhere")
        let foreign = try repository.git("commit-tree", "-m", "foreign", "HEAD^{tree}")
        try repository.git("update-ref", "refs/remotes/origin/worktree-x", foreign)
        let path = FilePath(String(try create("x").text.dropLast()))
        #expect(try repository.git("rev-parse", "HEAD", in: path) == head)
        #expect(try repository.attempt(["config", "branch.worktree-x.remote"]).status == 1)
    }

    @Test func aDirectoryThatIsGoneIsNamed() throws {
        let path = FilePath(String(try create("x").text.dropLast()))
        try removeTree(path)
        let outcome = try create("x")
        #expect(outcome.status == 1 && outcome.text == "")
        #expect(
            outcome.errorText.contains("whose directory is gone: \(path)\nhint: wt prune "), "\(outcome.errorText)")
        #expect(try runWT(["prune", "-y"], in: repository.path, environment: repository.environment).status == 0)
        #expect(try create("x").text == "\(path)\n")
    }

    /// A warning is no reason for the agent to go without a worktree.
    @Test func aWarningIsNoFailure() throws {
        try repository.write(".git/info/exclude", ".worktreeinclude\n")
        try repository.write(".worktreeinclude", "a**b/c\n")
        let outcome = try create("x")
        #expect(outcome.status == 0 && outcome.errorText.contains("warning: "), "\(outcome.errorText)")
    }

    @Test(arguments: ["-rf", "a/b", "$(id)", "é", "main", "@", "worktree"])
    func aNameIsData(_ name: String) throws {
        let outcome = try create(name)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let path = FilePath(String(outcome.text.dropLast()))
        #expect(path.removingLastComponent() == directory.path)
        #expect(try repository.git("branch", "--show-current", in: path) == "worktree-\(name)")
        #expect(try repository.git("status", "--porcelain") == "")
        #expect(try remove(path, in: path).status == 0)
        #expect(FileStatus.ifPresent(path) == nil)
        #expect(try repository.git("branch", "--list", "worktree-*") == "")
    }

    @Test func whatMakesNoSenseChangesNothing() throws {
        let plain = directory.appending("plain")
        try makeDirectories(plain)
        let before = try TreeSnapshot(directory.path)
        for (input, status) in try [
            (json(["hook_event_name": "WorktreeCreate", "name": "a b"]), 1),
            (json(["hook_event_name": "WorktreeCreate", "name": "a..b"]), 1),
            (json(["hook_event_name": "WorktreeCreate", "name": "x\ny"]), 1),
            (json(["hook_event_name": "WorktreeCreate", "name": "x", "cwd": plain.string]), 1),
            (json(["hook_event_name": "WorktreeCreate", "name": "x", "cwd": "/nowhere"]), 1),
            (json(["hook_event_name": "WorktreeCreate", "name": ""]), 64),
            (json(["hook_event_name": "WorktreeCreate"]), 64), (json(["hook_event_name": "WorktreeRemove"]), 64),
            (json(["hook_event_name": "WorktreeRemove", "worktree_path": "relative"]), 64),
            (json(["hook_event_name": "WorktreeRemove", "worktree_path": repository.path.string]), 1),
            (json(["hook_event_name": "WorktreeRemove", "worktree_path": "\(repository.path)/src"]), 1),
            (json(["hook_event_name": "WorktreeRemove", "worktree_path": plain.string]), 1),
            (json(["hook_event_name": "PreToolUse"]), 64), ("", 64), ("[]", 64), ("{\"hook_event_name\"", 64),
        ] {
            let outcome = try hook(input)
            #expect(outcome.status == Int32(status), "\(input): \(outcome.errorText)")
            #expect(outcome.text == "", "\(input)")
            #expect(outcome.errorText.hasPrefix("wt: "), "\(input): \(outcome.errorText)")
        }
        let stranger = try hook(json(["hook_event_name": "WorktreeCreate", "name": "x"]), "gemini")
        #expect(stranger.status == 64 && stranger.errorText.contains("the agents are: claude-code"))
        let preview = try hook(json(["hook_event_name": "WorktreeCreate", "name": "x"]), "claude-code --dry-run")
        #expect(preview.status == 0 && preview.text.contains("would create \(directory.path)/repository.worktree-x"))
        #expect(try TreeSnapshot(directory.path).differences(from: before) == [])
    }

    @Test func removalLosesNothing() throws {
        let path = FilePath(String(try create("x").text.dropLast()))
        try repository.write("work", "", in: path)
        let refused = try remove(path)
        #expect(refused.status == 1 && refused.text == "", "\(refused.errorText)")
        #expect(refused.errorText.contains("it has work that is not committed"))
        try repository.commit("work", in: path)
        // Committed, and on a branch.
        let preview = try hook(
            json(["hook_event_name": "WorktreeRemove", "worktree_path": path.string]), "claude-code -n")
        #expect(preview.status == 0 && preview.text.hasPrefix("would remove \(path)"))
        #expect(FileStatus.ifPresent(path.appending("work")) != nil)
        let removed = try remove(path, in: path)
        #expect(removed.status == 0 && removed.text == "", "\(removed.errorText)")
        #expect(FileStatus.ifPresent(path) == nil)
        #expect(try repository.git("branch", "--list", "--format=%(refname:short)", "worktree-x") == "worktree-x")
        // Asked again.
        #expect(try remove(path).status == 0)
    }

    /// An agent may keep its side of the pipe open.
    @Test func theEndOfTheInputIsNotWaitedFor() throws {
        let pipe = directory.appending("pipe").string
        // The other side is open for as long as wt is at work, and longer.
        let script = #"mkfifo "$1"; exec 9<>"$1"; printf %s "$2" >&9; "$3" hook claude-code <&9"#
        let input = try json(["hook_event_name": "WorktreeCreate", "name": "x"])
        let outcome = try ChildProcess(
            "sh", ["-ec", script, "sh", pipe, input, "\(productsDirectory)/wt"], in: repository.path,
            environment: repository.environment
        ).run()
        #expect(
            outcome.status == 0 && outcome.text == "\(directory.path)/repository.worktree-x\n", "\(outcome.errorText)")
    }
}
