import FileTree
import Foundation
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// Everything that `wt rm` refuses: with its reason, without a trace, and what git does with the same.
@Suite struct RemovalRefusalTests {
    enum GitDoes: Sendable {
        case refuses
        /// Named in the row's description.
        case removesIt
        /// It has no such thing.
        case notAsked
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let options: RemovalOptions
        let message: String
        let git: GitDoes
        let place: String
        let arrange: @Sendable (Sandbox, FilePath) throws -> Void

        /// `arrange` gets the linked worktree `linked`, on `topic`. `place` is where the user stands.
        init(
            _ description: String, _ message: String, name: String = "linked", force: Int = 0,
            git: GitDoes = .refuses, in place: String = "repository",
            arrange: @escaping @Sendable (Sandbox, FilePath) throws -> Void = { _, _ in }
        ) {
            testDescription = description
            options = RemovalOptions(name, force: force)
            self.message = message
            self.git = git
            self.place = place
            self.arrange = arrange
        }
    }

    static let work = [
        Row("a modified file", "1 modified") { sandbox, linked in
            try sandbox.repository.write("a.txt", "mine", in: linked)
        },
        Row("a staged file", "1 staged") { sandbox, linked in
            try sandbox.sh("echo mine > a.txt; git add a.txt", in: linked)
        },
        Row("a staged deletion", "1 staged") { sandbox, linked in try sandbox.sh("git rm -q a.txt", in: linked) },
        Row("a deleted file", "1 modified") { sandbox, linked in try sandbox.sh("rm a.txt", in: linked) },
        Row("another mode", "1 modified") { sandbox, linked in try sandbox.sh("chmod +x a.txt", in: linked) },
        Row("a file added by intent only", "1 modified") { sandbox, linked in
            try sandbox.sh("echo mine > new; git add -N new", in: linked)
        },
        Row("an untracked file", "1 untracked") { sandbox, linked in
            try sandbox.repository.write("deep/er/new", "mine", in: linked)
        },
        Row("an untracked file that status.showUntrackedFiles hides (git removes it)", "1 untracked", git: .removesIt) {
            sandbox, linked in
            try sandbox.repository.write("new", "mine", in: linked)
            try sandbox.repository.git("config", "status.showUntrackedFiles", "no")
        },
        Row("an untracked repository", "1 untracked") { sandbox, linked in
            try sandbox.sh("git init -q inner; cd inner; git commit -q --allow-empty -m mine", in: linked)
        },
        Row("a merge with conflicts", "operation is in progress in it: merge") { sandbox, linked in
            try sandbox.sh("echo other > a.txt; git commit -qam other; ! git merge -q main", in: linked)
        },
        Row("a file in conflict, the merge forgotten", "1 conflicted") { sandbox, linked in
            try sandbox.sh("echo other > a.txt; git commit -qam other; ! git merge -q main", in: linked)
            try sandbox.sh("rm \"$(git rev-parse --git-path MERGE_HEAD)\"", in: linked)
        },
        Row("a submodule that was initialised", "initialised submodules") { sandbox, linked in
            try sandbox.addSubmodule()
            try sandbox.sh(
                "git reset -q --hard main; git -c protocol.file.allow=always submodule -q update --init", in: linked)
        },
        Row("a submodule that was initialised and taken away", "initialised submodules") { sandbox, linked in
            try sandbox.addSubmodule()
            try sandbox.sh(
                "git reset -q --hard main; git -c protocol.file.allow=always submodule -q update --init", in: linked)
            try sandbox.sh("git submodule -q deinit -f --all", in: linked)
        },
        Row("a rebase that stopped (git removes it)", "operation is in progress in it: rebase", git: .removesIt) {
            sandbox, linked in
            let rebase = try sandbox.repository.attempt(
                ["rebase", "-q", "-f", "--exec", "false", "HEAD~1"], in: linked)
            try #require(rebase.status != 0)
        },
        Row("a cherry-pick between two commits (git removes it)", "in progress in it: cherry-pick", git: .removesIt) {
            sandbox, linked in
            try sandbox.sh(
                "git commit -q --allow-empty -m one; git commit -q --allow-empty -m two; git reset -q --hard HEAD~2",
                in: linked)
            try sandbox.sh("! git cherry-pick HEAD@{1}~2..HEAD@{1} 2>/dev/null; git status -s", in: linked)
        },
        Row("a commit on a reference of the worktree's own (git removes it)", "on no branch", git: .removesIt) {
            sandbox, linked in
            try sandbox.sh(
                "git commit -q --allow-empty -m mine; git update-ref refs/worktree/keep HEAD; git reset -q --hard HEAD~1",
                in: linked)
        },
        Row("an edit that git was told to pass over (git removes it)", "told to pass over changes", git: .removesIt) {
            sandbox, linked in
            try sandbox.sh("git update-index --skip-worktree a.txt; echo local >> a.txt", in: linked)
        },
        Row("another edit that git was told to pass over (git removes it)", "told to pass over", git: .removesIt) {
            sandbox, linked in
            try sandbox.sh("git update-index --assume-unchanged a.txt; echo local >> a.txt", in: linked)
        },
        Row("a directory that may be out of sight (git removes it)", "cannot be seen, but may exist", git: .removesIt) {
            sandbox, linked in
            try sandbox.sh("rm -r ../linked; touch -d 2001-01-01 ..")
        },
        Row("a bisect (git removes it)", "operation is in progress in it: bisect", git: .removesIt) { sandbox, linked in
            try sandbox.sh("git bisect start HEAD HEAD~1 >&2", in: linked)
        },
        Row("a commit on no branch (git removes it)", "a commit of it is on no branch", git: .removesIt) {
            sandbox, linked in
            try sandbox.sh("git checkout -q --detach; git commit -q --allow-empty -m mine", in: linked)
        },
        Row(
            "commits on no branch, the directory gone (git removes it)", "2 commits of it are on no branch",
            git: .removesIt
        ) {
            sandbox, linked in
            try sandbox.sh(
                "git checkout -q --detach; for i in 1 2; do git commit -q --allow-empty -m $i; done", in: linked)
            try sandbox.sh("rm -r ../linked")
        },
        Row(
            "a commit that only a reference of this worktree leads to (git removes it)", "on no branch", git: .removesIt
        ) {
            sandbox, linked in
            try sandbox.sh("git checkout -q --detach; git commit -q --allow-empty -m mine", in: linked)
            try sandbox.sh("git update-ref refs/worktree/mine HEAD", in: linked)
        },
        Row("a submodule's repository, the directory gone (git removes it)", "initialised submodules", git: .removesIt)
        {
            sandbox, linked in
            try sandbox.addSubmodule()
            try sandbox.sh(
                "git reset -q --hard main; git -c protocol.file.allow=always submodule -q update --init", in: linked)
            try sandbox.sh("rm -rf ../linked")
        },
        Row("a worktree in an ignored directory of it (git removes both)", "another worktree is in it", git: .removesIt)
        {
            sandbox, _ in
            try sandbox.sh("git worktree add -q -b inner ../linked/target/inner")
        },
        Row("a worktree in it, forced (git removes both)", "another worktree is in it", force: 2, git: .removesIt) {
            sandbox, _ in
            try sandbox.sh("git worktree add -q -b inner ../linked/inner; touch ../linked/inner/mine")
        },
    ]

    static let states = [
        Row("the main worktree", "it is the main worktree", name: "^"),
        Row("the main worktree, forced", "it is the main worktree", name: "main", force: 2),
        Row("the current worktree (git removes it)", "you are in it", git: .removesIt, in: "linked"),
        Row("the current worktree as @ (git removes it)", "you are in it", name: "@", git: .removesIt, in: "linked"),
        Row("the current worktree, forced (git removes it)", "you are in it", force: 2, git: .removesIt, in: "linked"),
        Row(
            "the current worktree from deep inside (git removes it)", "you are in it", git: .removesIt,
            in: "linked/src/deep"),
        Row(
            "the current worktree through a symlink (git removes it)", "you are in it", git: .removesIt, in: "alias/src"
        ) {
            sandbox, _ in try sandbox.sh("ln -s linked ../alias")
        },
        Row("a lock", "it is locked: for a reason") { sandbox, _ in
            try sandbox.sh("git worktree lock --reason 'for a reason' ../linked")
        },
        Row("a lock without a reason, -f once", "it is locked", force: 1) { sandbox, _ in
            try sandbox.sh("git worktree lock ../linked")
        },
        Row("a lock, the directory gone", "it is locked") { sandbox, _ in
            try sandbox.sh("git worktree lock ../linked; rm -r ../linked")
        },
        Row("another repository at the path", "not the worktree that is registered", force: 2) { sandbox, linked in
            try sandbox.sh("rm -r ../linked; git init -q ../linked; touch ../linked/mine")
        },
        Row("another repository's worktree at the path", "not the worktree that is registered", force: 2) {
            sandbox, linked in
            try sandbox.sh(
                "rm -r ../linked; git clone -q . ../other; cd ../other; git worktree add -q -b mine ../linked")
        },
        Row("another worktree moved there by hand", "not the worktree that is registered", force: 2) {
            sandbox, linked in
            try sandbox.sh("git worktree add -q -b moved ../moved; rm -r ../linked; mv ../moved ../linked")
        },
        Row("a directory without .git", "not the worktree that is registered", force: 2) { sandbox, linked in
            try sandbox.sh("rm .git", in: linked)
        },
        Row("a .git that says nothing", "not the worktree that is registered", force: 2) { sandbox, linked in
            try sandbox.sh("echo nothing > .git", in: linked)
        },
        Row(
            "moved away, with a symlink left behind (git empties it)", "not the worktree that is registered",
            git: .notAsked
        ) {
            sandbox, linked in
            try sandbox.sh("mv ../linked ../away; ln -s away ../linked; touch ../away/mine")
        },
        Row("a file at the path", "not the worktree that is registered", git: .notAsked) { sandbox, _ in
            try sandbox.sh("rm -r ../linked; echo mine > ../linked")
        },
        Row("an unknown name", "there is no worktree 'nothing'", name: "nothing"),
        Row("a path that is no worktree", "there is no worktree", name: "../linked/src"),
        Row("an empty name", "there is no worktree ''", name: "", git: .notAsked),
        Row("a name that fits two (git takes the directory)", "could be any of several", name: "topic", git: .removesIt)
        { sandbox, _ in
            try sandbox.sh("git worktree add -q -b other ../topic")
        },
    ]

    @Test(arguments: work + states)
    func isRefusedWithoutATrace(_ row: Row) throws {
        let sandbox = try Sandbox()
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        try row.arrange(sandbox, linked)
        let place = sandbox.path(row.place)
        let before = try sandbox.snapshot()
        let failure = try #require(try failure { try sandbox.removalPlan(row.options, from: place) })
        #expect(failure.message.contains(row.message))
        #expect(failure.kind == .refused)
        #expect(try sandbox.snapshot().differences(from: before) == [])
        let name =
            switch row.options.name {
            case "^", "main": sandbox.repository.path.string
            case "@", "linked": linked.string
            default: row.options.name
            }
        let force = [String](repeating: "--force", count: row.options.force)
        switch row.git {
        case .notAsked: break
        case .refuses:
            #expect(
                try sandbox.repository.attempt(["worktree", "remove"] + force + [name]).status != 0, "git removes it")
        case .removesIt:
            #expect(
                try sandbox.repository.attempt(["worktree", "remove"] + force + [name]).status == 0, "git refuses it")
        }
    }

    /// What was refused above goes with `-f`, as with git.
    @Test(arguments: work.filter { $0.options.force == 0 && !$0.message.contains("another worktree") })
    func isRemovedWithForce(_ row: Row) throws {
        let sandbox = try Sandbox()
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        try row.arrange(sandbox, linked)
        try sandbox.remove(RemovalOptions("linked", force: 1))
        #expect(FileStatus.ifPresent(linked) == nil)
        #expect(try sandbox.sh("git worktree list --porcelain | grep -c ^worktree") == "1")
        #expect(try sandbox.repository.attempt(["fsck", "--connectivity-only"]).status == 0)
    }

    /// Cargo holds the lock of its build directory from a process of its own.
    @Test(arguments: ["debug/.cargo-lock", "release/.cargo-build-lock", "x86_64-unknown-linux-gnu/debug/.cargo-lock"])
    func aRunningBuildIsRefused(_ lock: String) throws {
        let sandbox = try Sandbox()
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        try sandbox.sh("echo '[workspace]' > Cargo.toml; git add .; git commit -qm manifest", in: linked)
        let file = linked.pushing(FilePath("target/\(lock)"))
        try sandbox.sh("mkdir -p \(file.removingLastComponent())/.fingerprint; touch \(file)", in: linked)
        let before = try sandbox.snapshot()
        do {
            let build = try LockHolder(file)
            defer { build.end() }
            let failure = try #require(try failure { try sandbox.removalPlan(RemovalOptions("linked")) })
            #expect(failure.message.contains("cargo is building in it"))
            #expect(try sandbox.snapshot().differences(from: before) == [])
            // For git, ignored files are nobody's business; with -f they are not for us either.
            _ = try sandbox.removalPlan(RemovalOptions("linked", force: 1))
        }
        _ = try sandbox.removalPlan(RemovalOptions("linked"))
    }
}

extension Sandbox {
    /// Commits a submodule `sub` on `main`.
    func addSubmodule() throws {
        try sh("git init -q ../sub; git -C ../sub commit -q --allow-empty -m sub")
        try sh("git -c protocol.file.allow=always submodule -q add \(path("sub")) sub; git commit -qm submodule")
    }
}

/// A process that holds a lock on a file until it is told to end.
final class LockHolder {
    private let process = Process()
    private let input = Foundation.Pipe()

    init(_ file: FilePath) throws {
        let output = Foundation.Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        process.arguments = [file.string, "sh", "-c", "echo held; read line"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard output.fileHandleForReading.readData(ofLength: 5) == Data("held\n".utf8) else {
            throw TestFailure("flock did not get the lock on \(file)")
        }
    }

    /// Lets go of the lock, and returns when it is free.
    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
