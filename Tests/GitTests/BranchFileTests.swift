import ChildProcess
import FileTree
import SystemPackage
import TestSupport
import Testing

@testable import Git

/// Branches that are deleted without git: what is left is what git leaves, and everything out of the ordinary is git's.
@Suite struct BranchFileTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let branch: String
        let script: String
        /// Whether no git is run.
        let isNative: Bool

        init(_ description: String, _ branch: String = "topic", _ script: String = "true", native isNative: Bool = true)
        {
            testDescription = description
            self.branch = branch
            self.script = script
            self.isNative = isNative
        }
    }

    static let rows = [
        Row("a branch"),
        Row("in directories", "a/b/c"),
        Row("in a directory with another one", "a/b/c", "git branch a/d"),
        Row("with spaces and more in its name", "fix(ü),#1\"%"),
        Row("without a log", "topic", "rm .git/logs/refs/heads/topic"),
        Row("without any log", "topic", "rm -r .git/logs"),
        Row(
            "beside packed ones", "topic",
            "git pack-refs --all; git update-ref -d refs/heads/topic; git branch topic HEAD~1"),
        Row("packed", "topic", "git pack-refs --all", native: false),
        Row("packed, and in its file", "topic", "git pack-refs --all --no-prune", native: false),
        Row("with settings of its own", "topic", "git config branch.topic.remote origin", native: false),
        Row("with an empty section", "Topic", "echo '[Branch \"Topic\"]' >>.git/config", native: false),
        Row(
            "with a section of the old kind", "topic", "printf '[branch.Topic]\\nremote = x\\n' >>.git/config",
            native: false),
        Row(
            "with an escaped section", "topic", "printf '[branch \"to\\\\pic\"]\\nremote = x\\n' >>.git/config",
            native: false),
        Row("another branch's settings", "top", "git config branch.other.remote origin; git branch other"),
        Row(
            "a symbolic reference", "topic",
            "git branch other HEAD~1; git symbolic-ref refs/heads/topic refs/heads/other", native: false),
        Row(
            "refs/heads is a symlink", "topic", "mv .git/refs/heads ../heads; ln -s ../../../heads .git/refs/heads",
            native: false),
        Row(
            "a hook", "topic",
            "printf '#!/bin/sh\\ncat >>../heard\\n' >.git/hooks/reference-transaction; chmod +x .git/hooks/*",
            native: false),
        Row("hooks elsewhere", "topic", "git config core.hooksPath hooks", native: false),
        Row(
            "an extension", "topic",
            "git config core.repositoryFormatVersion 1; git config extensions.worktreeConfig true", native: false),
        Row(
            "a bare repository's HEAD", "topic", "git config core.bare true; git symbolic-ref HEAD refs/heads/topic",
            native: false),
    ]

    @Test(arguments: rows)
    func theSameIsLeftAsByGit(_ row: Row) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell("mkdir -p .git/hooks; echo '[x]' >>.git/config")
        try sandbox.git(["branch", row.branch, "HEAD~1"])
        let id = try sandbox.id("HEAD~1")
        try sandbox.shell(row.script)
        let kept = try TemporaryDirectory()
        try sandbox.shell("cp -a . \(kept.path)/", in: sandbox.root)
        // Whether git is run is seen from what happens without one.
        var blind = sandbox.environment
        blind["PATH"] = "/nowhere"
        let name = row.branch
        let isNative = { () -> Bool in
            guard let repository = try? Repository(discovering: sandbox.path("repo"), environment: blind) else {
                return false
            }
            return (try? repository.deleteBranch(name, expecting: id)) == true
        }()
        #expect(isNative == row.isNative)
        if !isNative {
            try restore(sandbox, kept)
            try sandbox.open().deleteBranch(name, expecting: id)
        }
        let ours = try TreeSnapshot(sandbox.root)
        try restore(sandbox, kept)
        try sandbox.git(["update-ref", "--no-deref", "-d", "refs/heads/\(name)", id.description])
        try sandbox.git(["config", "--local", "--remove-section", "branch.\(name)"], accepting: [0, 128])
        #expect(try TreeSnapshot(sandbox.root).leftovers(since: ours) == [])
    }

    private func restore(_ sandbox: Sandbox, _ kept: borrowing TemporaryDirectory) throws {
        try sandbox.shell("find . -mindepth 1 -delete; cp -a \(kept.path)/. .", in: sandbox.root)
    }

    /// Whoever else holds one of git's locks is not disturbed: git waits for it, or fails, and nothing is changed.
    @Test(arguments: ["refs/heads/topic.lock", "packed-refs.lock"])
    func aLockIsHeld(_ lock: String) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("branch topic HEAD~1")
        try sandbox.git("config core.packedRefsTimeout 0")
        try sandbox.shell("echo theirs >.git/\(lock)")
        let before = try TreeSnapshot(sandbox.root)
        #expect(gitError { try sandbox.open().deleteBranch("topic", expecting: sandbox.id("HEAD~1")) } != nil)
        #expect(try TreeSnapshot(sandbox.root).leftovers(since: before) == [])
    }

    /// Hooks that came since the repository was opened are heard.
    @Test func aHookThatCameSince() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("branch topic HEAD~1")
        let repository = try sandbox.open()
        try makeProgram(
            sandbox.path("hooks/reference-transaction"), "#!/bin/sh\necho \"$1\" >>\(sandbox.path("heard"))\n")
        try sandbox.git(["config", "core.hooksPath", sandbox.path("hooks").string])
        try repository.deleteBranch("topic", expecting: sandbox.id("HEAD~1"))
        #expect(
            try readFile(sandbox.path("heard")).split(separator: 0x0a).contains { $0.elementsEqual("committed".utf8) })
    }
}
