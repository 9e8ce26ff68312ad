import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// What `wt new` makes is what `git worktree add` makes, down to the bytes of every file but the index, whose entries
/// are compared.
@Suite struct SameAsGitTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let options: NewOptions
        let git: [String]
        let isNative: Bool
        /// Where both are run, seen from the main worktree.
        let place: String
        /// What both have in the environment beside all else.
        let environment: [String: String]
        let arrange: @Sendable (Sandbox) throws -> Void

        /// `PATH` in the arguments for git is the new worktree, `<repository>/../above/x`.
        init(
            _ description: String, _ options: NewOptions, git: [String], isNative: Bool = true,
            from place: String = ".",
            with environment: [String: String] = [:],
            arrange: @escaping @Sendable (Sandbox) throws -> Void = { _ in }
        ) {
            testDescription = description
            self.options = options
            self.git = ["worktree", "add"] + git
            self.isNative = isNative
            self.place = place
            self.environment = environment
            self.arrange = arrange
        }

        /// A new branch at the user's place, in a repository that a line of shell has changed.
        init(
            _ description: String, isNative: Bool = true, from place: String = ".",
            with environment: [String: String] = [:], _ script: String
        ) {
            self.init(
                description, NewOptions("new"), git: ["-b", "new", "PATH"], isNative: isNative, from: place,
                with: environment
            ) { try $0.sh(script) }
        }
    }

    static let branches = [
        Row("a new branch", NewOptions("new"), git: ["-b", "new", "PATH"]),
        Row("a new branch with slashes", NewOptions("a/b/c"), git: ["-b", "a/b/c", "PATH"]),
        Row("a new branch that is no ASCII", NewOptions("größe/λ"), git: ["-b", "größe/λ", "PATH"]),
        Row("a new branch from a tag", NewOptions("new", at: "v1"), git: ["-b", "new", "PATH", "v1"]),
        Row("a new branch from HEAD~1", NewOptions("new", at: "HEAD~1"), git: ["-b", "new", "PATH", "HEAD~1"]),
        Row("a new branch from a branch", NewOptions("new", at: "topic"), git: ["-b", "new", "PATH", "topic"]),
        Row("a new branch from the previous branch", NewOptions("new", at: "-"), git: ["-b", "new", "PATH", "-"]),
        Row("a new branch from @{-1}", NewOptions("new", at: "@{-1}"), git: ["-b", "new", "PATH", "@{-1}"]),
        Row(
            "a new branch from an id", NewOptions("new", at: "HEAD^{/second}"),
            git: ["-b", "new", "PATH", "HEAD^{/second}"]),
        Row(
            "a new branch from a remote branch", NewOptions("new", at: "origin/far"),
            git: ["-b", "new", "PATH", "origin/far"]),
        Row(
            "a new branch from a remote branch in full", NewOptions("new", at: "refs/remotes/origin/far"),
            git: ["-b", "new", "PATH", "refs/remotes/origin/far"]),
        Row(
            "a new branch from origin/HEAD", NewOptions("new", at: "origin/HEAD"),
            git: ["-b", "new", "PATH", "origin/HEAD"]),
        Row("a new branch from origin", NewOptions("new", at: "origin"), git: ["-b", "new", "PATH", "origin"]),
        Row(
            "a new branch, not tracking", NewOptions("new", at: "origin/far", track: false),
            git: ["--no-track", "-b", "new", "PATH", "origin/far"]),
        Row(
            "a new branch, tracking a local one", NewOptions("new", at: "topic", track: true),
            git: ["--track", "-b", "new", "PATH", "topic"]),
        Row(
            "a new branch, autoSetupMerge off", NewOptions("new", at: "origin/far"),
            git: ["-b", "new", "PATH", "origin/far"]
        ) {
            try $0.repository.git("config", "branch.autoSetupMerge", "false")
        },
        Row(
            "a new branch, autoSetupMerge always", NewOptions("new", at: "topic"), git: ["-b", "new", "PATH", "topic"]
        ) {
            try $0.repository.git("config", "branch.autoSetupMerge", "always")
        },
        Row(
            "a new branch, autoSetupRebase", NewOptions("new", at: "origin/far"),
            git: ["-b", "new", "PATH", "origin/far"]
        ) {
            try $0.repository.git("config", "branch.autoSetupRebase", "always")
        },
        Row("the remote branch of that name", NewOptions("far"), git: ["PATH", "far"]),
        Row(
            "the remote branch of that name, not tracked", NewOptions("far", track: false),
            git: ["--no-track", "PATH", "far"]),
        Row("an existing branch", NewOptions("topic"), git: ["PATH", "topic"]),
        Row("an existing branch, packed", NewOptions("topic"), git: ["PATH", "topic"]) {
            try $0.repository.git("pack-refs", "--all")
        },
        Row("detached at a tag", NewOptions("v1", detach: true), git: ["--detach", "PATH", "v1"]),
        Row("detached at a branch", NewOptions("topic", detach: true), git: ["--detach", "PATH", "topic"]),
        Row("detached at HEAD", NewOptions("HEAD", detach: true), git: ["--detach", "PATH"]),
        Row("locked", NewOptions("new", lockReason: ""), git: ["--lock", "-b", "new", "PATH"]),
        Row(
            "locked for a reason", NewOptions("new", lockReason: "on a stick"),
            git: ["--lock", "--reason", "on a stick", "-b", "new", "PATH"]),
        Row("an empty directory in place", NewOptions("new"), git: ["-b", "new", "PATH"]) {
            try $0.sh("mkdir -p ../above/x")
        },
        Row("a name that is taken among the registrations", NewOptions("new"), git: ["-b", "new", "PATH"]) {
            try $0.sh("git worktree add -q -b other ../elsewhere/x")
        },
        Row("no logs", NewOptions("new"), git: ["-b", "new", "PATH"]) {
            try $0.repository.git("config", "core.logAllRefUpdates", "false")
        },
        Row("a packed repository", NewOptions("topic"), git: ["PATH", "topic"]) { try $0.repository.git("gc", "-q") },
        Row("a submodule", NewOptions("new"), git: ["-b", "new", "PATH"]) { try $0.addSubmodule() },
    ]

    static let obstacles = [
        Row("a filter driver", NewOptions("new"), git: ["-b", "new", "PATH"]) {
            try $0.sh("git config filter.up.smudge 'tr a-z A-Z'; git config filter.up.clean 'tr A-Z a-z'")
            try $0.sh("echo '*.rs filter=up' > .gitattributes; git add .; git commit -qm attributes")
        },
        Row("CR LF", NewOptions("topic"), git: ["PATH", "topic"], isNative: false) {
            try $0.repository.git("config", "core.autocrlf", "true")
        },
        Row("ident", NewOptions("far"), git: ["PATH", "far"]) {
            try $0.sh("echo '*.rs ident' > .git/info/attributes")
            try $0.sh(
                "echo '// $Id$' >> src/lib.rs; git commit -qam ident; git update-ref refs/remotes/origin/far HEAD")
        },
        Row("a sparse checkout", NewOptions("new"), git: ["-b", "new", "PATH"], isNative: false) {
            try $0.repository.git("sparse-checkout", "set", "src/deep")
        },
        Row(
            "a sparse checkout, detached", NewOptions("topic", detach: true), git: ["--detach", "PATH", "topic"],
            isNative: false
        ) {
            try $0.repository.git("sparse-checkout", "set", "src/deep")
        },
        Row("a shared repository", NewOptions("new"), git: ["-b", "new", "PATH"], isNative: false) {
            try $0.repository.git("config", "core.sharedRepository", "group")
        },
        Row("configuration for each worktree", NewOptions("far"), git: ["PATH", "far"], isNative: false) {
            try $0.sh("git config extensions.worktreeConfig true; git config --worktree core.abbrev 12")
        },
        Row("a replaced commit", NewOptions("new"), git: ["-b", "new", "PATH"], isNative: false) {
            try $0.sh("git replace HEAD topic")
        },
    ]

    @Test(arguments: branches + obstacles)
    func theFilesAreTheSame(_ row: Row) throws { try compare(row) }

    /// All that git does with worktrees.
    @Test func gitTakesItForItsOwn() throws {
        let sandbox = try Sandbox()
        let linked = try sandbox.new(NewOptions("new", path: "../x")).path
        try sandbox.new(NewOptions("v0", path: "../y", lockReason: "why"))
        let list = try sandbox.repository.git("worktree", "list", "--porcelain")
        let id = try sandbox.repository.git("rev-parse", "HEAD")
        #expect(list.contains("worktree \(linked)\nHEAD \(id)\nbranch refs/heads/new\n"))
        #expect(list.contains("branch refs/heads/v0\nlocked why"))
        try sandbox.repository.git("worktree", "lock", linked.string)
        try sandbox.repository.git("worktree", "unlock", linked.string)
        try sandbox.repository.git("worktree", "move", linked.string, "../moved")
        try sandbox.repository.git("worktree", "repair")
        #expect(try sandbox.repository.git("worktree", "prune", "--dry-run", "--verbose") == "")
        try sandbox.repository.git("worktree", "remove", "../moved")
        try sandbox.repository.git("worktree", "unlock", "../y")
        try sandbox.sh("rm -r ../y; git worktree prune")
        #expect(try sandbox.repository.git("worktree", "list", "--porcelain").split(separator: "worktree ").count == 1)
        #expect(FileStatus.ifPresent(sandbox.repository.path.pushing(".git/worktrees")) == nil)
        try sandbox.repository.git("fsck", "--strict")
    }

    @Test func worksFromALinkedWorktreeAndABareRepository() throws {
        let sandbox = try Sandbox()
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        let result = try sandbox.new(NewOptions("new"), from: linked.appending("src"))
        #expect(result.path == sandbox.path("repository.new"))
        #expect(try sandbox.repository.git("rev-parse", "new") == sandbox.repository.git("rev-parse", "topic"))
        try sandbox.sh("git clone -q --bare . ../bare.git")
        let bare = sandbox.path("bare.git")
        let made = try sandbox.new(NewOptions("new2", at: "topic"), from: bare)
        #expect(made.path == sandbox.path("bare.new2"))
        #expect(try sandbox.repository.git("status", "--porcelain", in: made.path) == "")
    }
}

extension TestRepository {
    /// git with its arguments in an array.
    @discardableResult
    func git(list arguments: [String], in directory: FilePath? = nil) throws -> String {
        let outcome = try attempt(arguments, in: directory)
        guard outcome.status == 0 else { throw TestFailure("git \(arguments): \(outcome.errorText)") }
        return outcome.text
    }
}
