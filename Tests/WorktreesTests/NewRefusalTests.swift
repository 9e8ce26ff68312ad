import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// Everything that `wt new` refuses: with its reason, without a trace, and what git does with the same.
@Suite struct NewRefusalTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let options: NewOptions
        let message: String
        var kind = Failure.Kind.refused
        /// What git is asked for the same; nil where it has no such thing.
        var git: [String]?
        var arrange: @Sendable (Sandbox) throws -> Void = { _ in }

        init(
            _ description: String, _ options: NewOptions, _ message: String, kind: Failure.Kind = .refused,
            git: [String]? = nil, arrange: @escaping @Sendable (Sandbox) throws -> Void = { _ in }
        ) {
            testDescription = description
            self.options = options
            self.message = message
            self.kind = kind
            self.git = git.map { ["worktree", "add"] + $0 }
            self.arrange = arrange
        }
    }

    static let heldBranches = [
        Row(
            "the branch is checked out in the main worktree", NewOptions("main"), "checked out at",
            git: ["../x", "main"]),
        Row(
            "the branch is checked out in a linked worktree", NewOptions("topic"), "checked out at",
            git: ["../x", "topic"]
        ) {
            try $0.repository.addWorktree("linked", branch: "topic")
        },
        Row("the branch's worktree is gone", NewOptions("topic"), "checked out at", git: ["../x", "topic"]) {
            try $0.repository.addWorktree("linked", branch: "topic")
            try $0.sh("rm -r ../linked")
        },
        Row("the branch is being rebased elsewhere", NewOptions("topic"), "being rebased at", git: ["../x", "topic"]) {
            let linked = try $0.repository.addWorktree("linked", branch: "topic")
            let rebase = try $0.repository.attempt(["rebase", "-q", "-f", "--exec", "false", "HEAD~1"], in: linked)
            try #require(rebase.status != 0)
            try #require($0.sh("git symbolic-ref -q HEAD || echo detached", in: linked) == "detached")
        },
        Row("the branch is being rebased by apply", NewOptions("topic"), "being rebased at", git: ["../x", "topic"]) {
            let linked = try $0.repository.addWorktree("linked", branch: "topic")
            try $0.sh("echo other > a.txt; git commit -qam other", in: linked)
            let rebase = try $0.repository.attempt(["rebase", "-q", "--apply", "main"], in: linked)
            try #require(rebase.status != 0)
        },
        Row("the branch is being bisected elsewhere", NewOptions("side"), "being bisected at", git: ["../x", "side"]) {
            try $0.repository.branch("side")
            let linked = try $0.repository.addWorktree("linked", branch: "side")
            try $0.sh("git bisect start HEAD HEAD~2 >&2", in: linked)
            try #require($0.sh("git symbolic-ref -q HEAD || echo detached", in: linked) == "detached")
        },
    ]

    static let places = [
        Row("a file is in the way", NewOptions("new", path: "../x"), "exists already", git: ["-b", "new", "../x"]) {
            try $0.sh("echo mine > ../x")
        },
        Row(
            "a directory with files is in the way", NewOptions("new", path: "../x"), "exists already",
            git: ["-b", "new", "../x"]
        ) {
            try $0.sh("mkdir ../x; echo mine > ../x/file")
        },
        Row(
            "a directory is where the template leads", NewOptions("new"), "exists already",
            git: ["-b", "new", "../repository.new"]
        ) {
            try $0.sh("mkdir ../repository.new; touch ../repository.new/.hidden")
        },
        Row(
            "a dangling symlink is in the way", NewOptions("new", path: "../x"), "exists already",
            git: ["-b", "new", "../x"]
        ) {
            try $0.sh("ln -s nowhere ../x")
        },
        Row(
            "a symlink to a directory with files is in the way", NewOptions("new", path: "../x"), "exists already",
            git: ["-b", "new", "../x"]
        ) {
            try $0.sh("mkdir ../y; touch ../y/file; ln -s y ../x")
        },
        Row(
            "a worktree is there", NewOptions("new", path: "../linked"), "is a worktree already",
            git: ["-b", "new", "../linked"]
        ) {
            try $0.repository.addWorktree("linked", branch: "topic")
        },
        Row(
            "a worktree is there, by another name", NewOptions("new", path: "../alias/linked"), "is a worktree already",
            git: ["-b", "new", "../alias/linked"]
        ) {
            try $0.repository.addWorktree("linked", branch: "topic")
            try $0.sh("ln -s . ../alias")
        },
        Row(
            "a worktree is registered there and gone", NewOptions("new", path: "../linked"), "whose directory is gone",
            git: ["-b", "new", "../linked"]
        ) {
            try $0.repository.addWorktree("linked", branch: "topic")
            try $0.sh("rm -r ../linked")
        },
        Row(
            "a locked worktree is registered there and gone", NewOptions("new", path: "../linked"),
            "whose directory is gone", git: ["-b", "new", "../linked"]
        ) {
            try $0.repository.addWorktree("linked", branch: "topic")
            try $0.sh("git worktree lock ../linked; rm -r ../linked")
        },
        Row(
            "the main worktree is there", NewOptions("new", path: "."), "is a worktree already",
            git: ["-b", "new", "."]),
    ]

    static let commits = [
        Row(
            "an unknown start point", NewOptions("new", at: "nothing"), "'nothing' names no commit",
            git: ["-b", "new", "../x", "nothing"]),
        Row(
            "an unknown id", NewOptions("new", at: "0123456789012345678901234567890123456789"), "names no commit",
            git: ["-b", "new", "../x", "0123456789012345678901234567890123456789"]),
        Row(
            "a start point that is a file", NewOptions("new", at: "HEAD:a.txt"), "names no commit",
            git: ["-b", "new", "../x", "HEAD:a.txt"]),
        Row(
            "a start point that is a tree", NewOptions("new", at: "HEAD^{tree}"), "names no commit",
            git: ["-b", "new", "../x", "HEAD^{tree}"]),
        Row(
            "a start point that looks like an option", NewOptions("new", at: "--lock"), "names no commit",
            git: ["-b", "new", "../x", "--", "--lock"]),
        Row("an empty start point", NewOptions("new", at: ""), "names no commit", git: ["-b", "new", "../x", ""]),
        Row(
            "an ambiguous start point", NewOptions("new", at: "topic"), "could be", git: ["-b", "new", "../x", "topic"]
        ) {
            try $0.sh("git tag topic main")
        },
        Row(
            "a start point that is a local and a remote branch", NewOptions("new", at: "origin/x"), "could be",
            git: ["-b", "new", "../x", "origin/x"]
        ) {
            try $0.sh(
                """
                git remote add origin /nowhere; git update-ref refs/remotes/origin/x HEAD
                git branch --no-track origin/x HEAD~1
                """
            )
        },
        Row(
            "a start point with a branch that exists", NewOptions("topic", at: "HEAD~1"), "exists already",
            git: ["-b", "topic", "../x", "HEAD~1"]),
        Row(
            "a detached worktree of nothing", NewOptions("nothing", detach: true), "names no commit",
            git: ["--detach", "../x", "nothing"]),
        Row(
            "a detached worktree of a file", NewOptions("HEAD:a.txt", path: "../x", detach: true), "names no commit",
            git: ["--detach", "../x", "HEAD:a.txt"]),
        Row(
            "a detached worktree with a start point", NewOptions("topic", at: "main", detach: true), "no start point",
            kind: .usage,
            git: ["--detach", "../x", "topic", "main"]),
        Row("no commit yet", NewOptions("new"), "no commit yet", git: ["-b", "new", "../x"]) {
            try $0.sh("rm -rf .git *; git init -q -b main")
        },
        Row("no commit yet, and the branch of HEAD", NewOptions("main"), "no commit yet", git: ["../x", "main"]) {
            try $0.sh("rm -rf .git *; git init -q -b main")
        },
        Row("a branch of several remotes", NewOptions("shared"), "branch of several remotes", git: ["../x", "shared"]) {
            try $0.sh(
                "for r in one two; do git remote add $r /nowhere; git update-ref refs/remotes/$r/shared HEAD; done")
        },
        Row("a file in the place of the registrations", NewOptions("new"), "Not a directory", kind: .failed) {
            try $0.sh("echo mine > .git/worktrees")
        },
        Row("a donor that does not exist", NewOptions("new", donor: "nowhere"), "no worktree 'nowhere'") {
            try $0.repository.write("Cargo.toml", "[workspace]\n")
            try $0.repository.commit("a manifest")
        },
    ]

    static let names = [
        "-x", "--", "a..b", "x.lock", "d.lock/x", "", "@{-1}", "a@{b", "a b", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b",
        "a\\b", ".a",
        "a/.b", "a.", "a/", "/a", "a//b", "HEAD", "a\u{7f}b", "a\u{1}b", "a\nb",
    ].map {
        Row(
            "the branch name '\($0.debugDescription)'", NewOptions($0), "not a valid branch name",
            git: ["-b", $0, "../x"])
    }

    @Test(arguments: heldBranches + places + commits + names)
    func isRefusedWithoutATrace(_ row: Row) throws {
        let sandbox = try Sandbox()
        try row.arrange(sandbox)
        let before = try sandbox.snapshot()
        let failure = try #require(try failure { try sandbox.plan(row.options) })
        #expect(failure.message.contains(row.message))
        #expect(failure.kind == row.kind)
        #expect(try sandbox.snapshot().differences(from: before) == [])
        guard let git = row.git else { return }
        #expect(try sandbox.repository.attempt(git).status != 0, "git accepts it")
    }

    /// The same from inside a linked worktree, which shares branches and registrations.
    @Test(arguments: heldBranches)
    func isRefusedInALinkedWorktreeToo(_ row: Row) throws {
        let sandbox = try Sandbox()
        try row.arrange(sandbox)
        try sandbox.repository.git("worktree", "add", "--quiet", "--detach", "../here")
        let before = try sandbox.snapshot()
        let failure = try #require(try failure { try sandbox.plan(row.options, from: sandbox.path("here")) })
        #expect(failure.message.contains(row.message))
        #expect(try sandbox.snapshot().differences(from: before) == [])
    }

    @Test func noRepository() throws {
        let directory = try TemporaryDirectory()
        let before = try TreeSnapshot(directory.path)
        #expect(throws: GitError.self) {
            _ = try Repository(discovering: directory.path, environment: TestEnvironment.hermetic(home: "/nonexistent"))
        }
        #expect(try TreeSnapshot(directory.path).differences(from: before) == [])
    }

    /// What is planned and not run leaves no trace either.
    @Test func aPlanWritesNothing() throws {
        let sandbox = try Sandbox()
        let before = try sandbox.snapshot()
        let plan = try sandbox.plan(NewOptions("deep/er/name", path: "../a/b/c"))
        #expect(plan.path == sandbox.path("a/b/c"))
        _ = plan.preview(in: try sandbox.open())
        #expect(try sandbox.snapshot().differences(from: before) == [])
    }
}
