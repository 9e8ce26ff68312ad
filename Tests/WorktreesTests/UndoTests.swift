import Dispatch
import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// What fails half-way, natively and when git makes the worktree, leaves nothing behind: no branch, no log, no
/// upstream, no registration, no directory above.
@Suite struct UndoTests {
    enum Way: Sendable, CaseIterable {
        case native, git

        func arrange(_ sandbox: Sandbox) throws {
            if self == .git { try sandbox.makeObstacle() }
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let options: NewOptions
        let message: String
        let arrange: @Sendable (Sandbox) throws -> Void

        init(
            _ description: String, _ options: NewOptions, _ message: String,
            arrange: @escaping @Sendable (Sandbox) throws -> Void = { _ in }
        ) {
            testDescription = description
            self.options = options
            self.message = message
            self.arrange = arrange
        }
    }

    private static let missingBlob: @Sendable (Sandbox) throws -> Void = {
        try $0.sh("id=$(git rev-parse topic:a.txt); rm -f .git/objects/$(echo $id | sed 's,..,&/,')")
    }

    private static let remote: @Sendable (Sandbox) throws -> Void = {
        try $0.sh(
            "git remote add origin /nowhere; git config remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'")
        try $0.sh("git update-ref refs/remotes/origin/far HEAD~1")
    }

    static let rows = [
        Row(
            "a missing blob", NewOptions("deep/er/new", at: "topic", path: "../above/and/x"), "814f4a4",
            arrange: missingBlob),
        Row(
            "a missing blob, an existing branch", NewOptions("topic", path: "../above/x"), "814f4a4",
            arrange: missingBlob),
        Row(
            "a missing blob, detached", NewOptions("topic", path: "../above/x", detach: true), "814f4a4",
            arrange: missingBlob),
        Row("a missing blob, an empty directory in place", NewOptions("new", at: "topic", path: "../x"), "814f4a4") {
            try missingBlob($0)
            try $0.sh("mkdir ../x")
        },
        Row("a missing blob, a tracking branch", NewOptions("far", path: "../above/x"), "814f4a4") {
            try remote($0)
            try missingBlob($0)
        },
        Row("a missing blob, another worktree beside", NewOptions("new", at: "topic", path: "../x"), "814f4a4") {
            try $0.repository.git("worktree", "add", "-q", "../other", "-b", "other")
            try missingBlob($0)
        },
        Row("a branch in the place of the new one's directory", NewOptions("topic/sub", path: "../above/x"), "topic"),
        Row("a branch below the new one's name", NewOptions("up", path: "../above/x"), "up") {
            try $0.repository.branch("up/down")
        },
        Row("a file above the path", NewOptions("new", path: "../file/and/x"), "Not a directory") {
            try $0.sh("echo mine > ../file")
        },
        Row(
            "a name that is too long",
            NewOptions("new", path: FilePath("../above/" + String(repeating: "x", count: 256))), "ile name too long"),
        Row("a branch that somebody locked", NewOptions("new", path: "../above/x"), "lock") {
            try $0.sh("touch .git/refs/heads/new.lock")
        },
        Row("a configuration that somebody locked", NewOptions("far", path: "../above/x"), "could not lock config file")
        {
            try remote($0)
            try $0.sh("touch .git/config.lock")
        },
    ]

    @Test(arguments: rows, Way.allCases)
    func leavesNothing(_ row: Row, _ way: Way) throws {
        let sandbox = try Sandbox()
        try way.arrange(sandbox)
        try row.arrange(sandbox)
        let plan = try sandbox.plan(row.options)
        #expect(plan.isNative == (way == .native))
        let before = try sandbox.snapshot()
        let failure = try #require(try failure { try plan.run(in: sandbox.open()) })
        #expect(failure.message.contains(row.message))
        #expect(failure.kind == .failed)
        #expect(failure.hints == [])
        let left = try sandbox.snapshot().leftovers(since: before)
        #expect(left == [])
    }

    @Test(arguments: Way.allCases, ["new", "far", "topic"])
    func interruptedFromTheStart(_ way: Way, _ branch: String) throws {
        let sandbox = try Sandbox()
        try way.arrange(sandbox)
        try Self.remote(sandbox)
        let before = try sandbox.snapshot()
        let failure = try #require(
            try failure { try sandbox.new(NewOptions(branch, path: "../above/x"), isCancelled: { true }) })
        #expect(failure.kind == .interrupted)
        let left = try sandbox.snapshot().leftovers(since: before)
        #expect(left == [])
    }

    /// After each number of files there is, in one thread and in several.
    @Test(arguments: [5, 400])
    func interruptedAfterSomeFiles(_ files: Int) throws {
        let sandbox = try Sandbox()
        try sandbox.sh("for d in a b c d; do mkdir $d; for i in $(seq \(files / 4)); do echo $d$i > $d/$i; done; done")
        try sandbox.repository.commit("more files")
        let before = try sandbox.snapshot()
        for count in Set([1, 2, files / 2, files]) {
            let asked = Counter()
            let failure = try #require(
                try failure {
                    try sandbox.new(NewOptions("new", path: "../above/x"), isCancelled: { asked.next() > count })
                })
            #expect(failure.kind == .interrupted)
            #expect(failure.message == "interrupted; nothing was changed")
            let left = try sandbox.snapshot().leftovers(since: before)
            #expect(left == [])
        }
    }

    /// Gives `run.sh` a filter that makes a file and then runs a line of shell. Returns that file's path.
    private func makeStoppingFilter(_ end: String, _ sandbox: Sandbox) throws -> FilePath {
        let flag = sandbox.path("flag")
        try makeProgram(sandbox.path("filter"), "#!/bin/sh\ntouch \(flag)\n\(end)\n")
        try sandbox.sh("git config filter.stop.required true")
        try sandbox.repository.git("config", "filter.stop.smudge", sandbox.path("filter").string)
        try sandbox.sh("echo 'run.sh filter=stop' > .git/info/attributes")
        return flag
    }

    /// A filter stops git in the middle of the files, as a signal to both would.
    @Test(arguments: [
        "exit 1", "kill -9 $PPID", "kill -9 $(ps -o ppid= -p $PPID) $PPID", "kill -INT $(ps -o ppid= -p $PPID); exit 1",
        // As a git leaves it that cleans up and is killed in that.
        "rm $GIT_DIR/gitdir $GIT_DIR/locked; kill -9 $(ps -o ppid= -p $PPID) $PPID",
        "rm -r $GIT_DIR; kill -9 $(ps -o ppid= -p $PPID) $PPID",
        "rm -r $GIT_DIR .git; kill -9 $(ps -o ppid= -p $PPID) $PPID",
    ])
    func gitIsStoppedHalfWay(_ end: String) throws {
        let sandbox = try Sandbox()
        try sandbox.repository.git("config", "core.sharedRepository", "group")
        let flag = try makeStoppingFilter(end, sandbox)
        for existing in [false, true] {
            if existing { try sandbox.sh("mkdir ../x") }
            let before = try sandbox.snapshot()
            for isInterrupted in [true, false] {
                let path: FilePath = existing ? "../x" : "../above/x"
                let failure = try #require(
                    try failure {
                        try sandbox.new(
                            NewOptions("deep/new", path: path),
                            isCancelled: { isInterrupted && FileStatus.ifPresent(flag) != nil })
                    })
                #expect(failure.kind == (isInterrupted ? .interrupted : .failed))
                try #require(FileStatus.ifPresent(flag) != nil)
                try sandbox.sh("rm \(flag)")
                let left = try sandbox.snapshot().leftovers(since: before)
                #expect(left == [])
            }
        }
    }

    /// The same where git writes the files with attributes only.
    @Test(arguments: ["exit 1", "kill -9 $PPID"], [true, false])
    func gitIsStoppedAtAFile(_ end: String, _ isInterrupted: Bool) throws {
        let sandbox = try Sandbox()
        let flag = try makeStoppingFilter(end, sandbox)
        let before = try sandbox.snapshot()
        let failure = try #require(
            try failure {
                try sandbox.new(
                    NewOptions("deep/new", path: "../above/x"),
                    isCancelled: { isInterrupted && FileStatus.ifPresent(flag) != nil })
            })
        #expect(failure.kind == (isInterrupted ? .interrupted : .failed))
        try #require(FileStatus.ifPresent(flag) != nil)
        try sandbox.sh("rm \(flag)")
        let left = try sandbox.snapshot().leftovers(since: before)
        #expect(left == [])
    }

    /// git's own view of a failing post-checkout hook: its status, and a worktree that stands.
    @Test(arguments: Way.allCases)
    func aFailingHookKeepsTheWorktree(_ way: Way) throws {
        let sandbox = try Sandbox()
        try way.arrange(sandbox)
        try sandbox.makeHook("exit 3")
        #expect(try sandbox.repository.attempt(["worktree", "add", "-b", "theirs", "../theirs"]).status == 3)
        #expect(try sandbox.repository.git("rev-parse", "--abbrev-ref", "HEAD", in: sandbox.path("theirs")) == "theirs")
        let result = try sandbox.new(NewOptions("ours", path: "../ours"))
        #expect(result.notes.contains { $0.contains("hook") })
        #expect(result.isLessWarm)
        #expect(try sandbox.repository.git("rev-parse", "--abbrev-ref", "HEAD", in: sandbox.path("ours")) == "ours")
        #expect(try sandbox.repository.git("status", "--porcelain", in: sandbox.path("ours")) == "")
    }

    /// Another process takes the path between the plan and its execution.
    @Test(arguments: Way.allCases)
    func somebodyWasFaster(_ way: Way) throws {
        let sandbox = try Sandbox()
        try way.arrange(sandbox)
        let plan = try sandbox.plan(NewOptions("new", path: "../above/x"))
        try sandbox.repository.git("worktree", "add", "-q", "-b", "new", "../above/x")
        let before = try sandbox.snapshot()
        let failure = try failure { try plan.run(in: sandbox.open()) }
        #expect(failure?.kind == .failed)
        let left = try sandbox.snapshot().leftovers(since: before)
        #expect(left == [])
    }

    /// The same, with the path alone: the new branch goes, their files stay.
    @Test(arguments: Way.allCases)
    func somebodyTookThePath(_ way: Way) throws {
        let sandbox = try Sandbox()
        try way.arrange(sandbox)
        let plan = try sandbox.plan(NewOptions("new", path: "../above/x"))
        try sandbox.sh("mkdir -p ../above/x; echo mine > ../above/x/file")
        let before = try sandbox.snapshot()
        let failure = try failure { try plan.run(in: sandbox.open()) }
        #expect(failure?.kind == .failed)
        let left = try sandbox.snapshot().leftovers(since: before)
        #expect(left == [])
    }

    @Suite(.enabled(if: TinyFileSystem.isPossible, "needs the right to mount a tmpfs"))
    struct OnAFileSystemOfItsOwn {
        @Test(arguments: Way.allCases, ["size=64k", "size=1m,nr_inodes=6"])
        func aFullFileSystem(_ way: Way, _ options: String) throws {
            let sandbox = try Sandbox()
            try way.arrange(sandbox)
            try sandbox.sh("head -c 300000 /dev/urandom > zz; git add zz; git commit -qm big")
            let tiny = try TinyFileSystem(at: sandbox.path("tiny"), options)
            let before = try sandbox.snapshot()
            let failure = try #require(try failure { try sandbox.new(NewOptions("new", path: "../tiny/above/x")) })
            #expect(failure.kind == .failed)
            if way == .native { #expect(failure.message.contains("No space left on device")) }
            let left = try sandbox.snapshot().leftovers(since: before)
            #expect(left == [])
            withExtendedLifetime(tiny) {}
        }

        @Test(arguments: Way.allCases)
        func aParentThatCannotBeWritten(_ way: Way) throws {
            let sandbox = try Sandbox()
            try way.arrange(sandbox)
            let tiny = try TinyFileSystem(at: sandbox.path("tiny"), "size=1m")
            try tiny.remount("ro")
            let before = try sandbox.snapshot()
            let failure = try #require(try failure { try sandbox.new(NewOptions("new", path: "../tiny/above/x")) })
            #expect(failure.kind == .failed)
            #expect(failure.message.contains("Read-only file system"))
            let left = try sandbox.snapshot().leftovers(since: before)
            #expect(left == [])
        }

        /// The repository's own file system has room for so many files, and the worktree is somewhere else.
        @Test(arguments: Way.allCases)
        func aRepositoryWithoutRoom(_ way: Way) throws {
            let directory = try TemporaryDirectory()
            let tiny = try TinyFileSystem(at: directory.appending("tiny"), "size=4m")
            let sandbox = try Sandbox(in: directory, name: "tiny/repository")
            try way.arrange(sandbox)
            try sandbox.sh("cp /dev/zero ../fill || true", in: sandbox.repository.path)
            var failures = 0
            for pages in 0..<14 {
                try sandbox.sh("truncate -s -4096 ../fill")
                let before = try sandbox.snapshot()
                let name = "new\(pages)"
                if let failure = try failure({
                    try sandbox.new(NewOptions(name, path: FilePath("../../above/x\(pages)")))
                }) {
                    failures += 1
                    #expect(failure.kind == .failed, "\(pages) pages")
                    let left = try sandbox.snapshot().leftovers(since: before)
                    #expect(left == [], "\(pages) pages")
                } else {
                    #expect(
                        try sandbox.repository.git("status", "--porcelain", in: sandbox.path("above/x\(pages)")) == "")
                    #expect(try sandbox.repository.git("rev-parse", "--verify", name) != "")
                    break
                }
            }
            #expect(failures > 2)
            #expect(failures < 14, "it never succeeded")
            withExtendedLifetime(tiny) {}
        }
    }
}

/// Counts calls from any thread.
final class Counter: @unchecked Sendable {
    private let queue = DispatchQueue(label: "counter")
    private var count = 0

    func next() -> Int {
        queue.sync {
            count += 1
            return count
        }
    }
}
