import ChildProcess
import FileTree
import Git
import Glibc
import SystemPackage
import TestSupport
import Testing

/// A directory of its own for one test, and a git that sees no configuration but the repository's.
final class Sandbox {
    let root: FilePath
    var environment: [String: String]

    init() throws {
        var template = Array("/tmp/wt-git-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        root = try #require(realPath(FilePath(platformString: made)))
        environment = [
            "PATH": String(cString: getenv("PATH")), "HOME": root.appending("home").string,
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_ATTR_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ann Author", "GIT_AUTHOR_EMAIL": "ann@example.org",
            "GIT_COMMITTER_NAME": "Carl Committer", "GIT_COMMITTER_EMAIL": "carl@example.org",
            "GIT_AUTHOR_DATE": "1700000000 +0100", "GIT_COMMITTER_DATE": "1700000000 +0100",
        ]
        try makeDirectories(root.appending("home"))
        OpenFiles.checkAtExit()
    }

    deinit { try? removeTree(root) }

    /// The path `name` inside the sandbox.
    func path(_ name: String) -> FilePath { root.pushing(FilePath(name)) }

    /// Runs git and returns what it printed, without the last line end. Fails the test when git fails.
    @discardableResult
    func git(
        _ arguments: [String], in directory: FilePath? = nil, accepting: Set<Int32> = [0],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let outcome = try ChildProcess(
            "git", arguments, in: directory ?? path("repo"), environment: environment
        ).run()
        if !accepting.contains(outcome.status) {
            Issue.record("git \(arguments): \(outcome.errorText)", sourceLocation: sourceLocation)
        }
        return outcome.text.hasSuffix("\n") ? String(outcome.text.dropLast()) : outcome.text
    }

    /// The same with the words in one string.
    @discardableResult
    func git(
        _ arguments: String, in directory: FilePath? = nil, accepting: Set<Int32> = [0],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        try git(
            arguments.split(separator: " ").map(String.init), in: directory, accepting: accepting,
            sourceLocation: sourceLocation)
    }

    /// Runs a line of shell in a directory.
    @discardableResult
    func shell(_ line: String, in directory: FilePath? = nil) throws -> String {
        let outcome = try ChildProcess(
            "sh", ["-ec", line], in: directory ?? path("repo"), environment: environment
        ).run()
        if outcome.status != 0 { Issue.record("\(line): \(outcome.errorText)") }
        return outcome.text
    }

    /// Writes a file, with the directories above it.
    func write(_ text: String, to path: FilePath) throws {
        try makeDirectories(path.removingLastComponent())
        try removeTree(path)
        try Directory(path.removingLastComponent()).write(Array(text.utf8), to: path.lastComponent!.string)
    }

    /// The repository `repo` with two commits on `main`: files in directories, a script, a symlink.
    func makeRepository(_ name: String = "repo") throws {
        let repo = path(name)
        try makeDirectories(repo)
        try git("init -q -b main", in: repo)
        try write("one\n", to: repo.appending("a.txt"))
        try write("[package]\n", to: repo.pushing("crates/x/Cargo.toml"))
        try write("fn main() {}\n", to: repo.pushing("crates/x/src/main.rs"))
        try write("b", to: repo.pushing("crates.d/b"))
        try write("#!/bin/sh\n", to: repo.appending("run.sh"))
        try shell("chmod +x run.sh; ln -s crates/x link; ln -s nowhere crates/dangling", in: repo)
        try git("add -A", in: repo)
        try git("commit -qm first", in: repo)
        try write("one\ntwo\n", to: repo.appending("a.txt"))
        try git("commit -qam second", in: repo)
    }

    /// `repo` opened from `directory`.
    func open(_ directory: String = "repo", native: Bool = true) throws -> Repository {
        try Repository(discovering: path(directory), environment: environment, allowingNative: native)
    }

    func id(_ revision: String) throws -> ObjectID { try #require(ObjectID(hex: try git("rev-parse \(revision)"))) }
}

/// The error that `body` throws, or nil.
func gitError<Value: ~Copyable>(_ body: () throws -> Value) -> GitError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? GitError
    }
}
