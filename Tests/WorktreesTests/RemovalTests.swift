import ChildProcess
import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// What `wt rm` removes, what it keeps, and what it frees.
@Suite struct RemovalTests {
    @Test func aMergedWorktreeGoesWithItsBranch() throws {
        let sandbox = try Sandbox()
        try sandbox.sh("git config branch.topic.remote .; git config branch.topic.merge refs/heads/main")
        let before = try sandbox.snapshot()
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        let commit = try sandbox.repository.git("rev-parse", "topic")
        let result = try sandbox.remove(RemovalOptions("topic"))
        #expect(result.path == linked)
        #expect(result.branch == .delete("topic", at: try #require(ObjectID(hex: commit)), because: "merged into main"))
        #expect(result.notes == [])
        #expect(
            try sandbox.snapshot().leftovers(since: before) == [
                "repository/.git/config: changed", "repository/.git/logs/refs/heads/topic: vanished",
                "repository/.git/refs/heads/topic: vanished",
            ])
        #expect(try sandbox.repository.attempt(["config", "--get-regexp", "^branch\\.topic\\."]).status == 1)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let options: RemovalOptions
        /// Whether `topic` is still there afterwards.
        let keeps: Bool
        let because: String
        let arrange: @Sendable (Sandbox, FilePath) throws -> Void

        init(
            _ description: String, _ branch: RemovalOptions.Branch = .whenMerged, keeps: Bool, _ because: String,
            force: Int = 0, arrange: @escaping @Sendable (Sandbox, FilePath) throws -> Void = { _, _ in }
        ) {
            testDescription = description
            options = RemovalOptions("linked", force: force, branch: branch)
            self.keeps = keeps
            self.because = because
            self.arrange = arrange
        }
    }

    private static let work: @Sendable (Sandbox, FilePath) throws -> Void = { sandbox, linked in
        try sandbox.sh("echo mine > mine; git add mine; git commit -qm mine", in: linked)
    }

    static let branches = [
        Row("merged", keeps: false, "merged into main"),
        Row("merged, --keep-branch", .keep, keeps: true, "as asked"),
        Row("not merged", keeps: true, "not merged into main", arrange: work),
        Row("not merged, -f", keeps: true, "not merged into main", force: 1, arrange: work),
        Row("not merged, --delete-branch", .delete, keeps: false, "as asked", arrange: work),
        Row("not merged, --keep-branch", .keep, keeps: true, "as asked", arrange: work),
        Row("merged at the remote only", keeps: false, "merged into origin/main") { sandbox, linked in
            try work(sandbox, linked)
            try sandbox.sh("git remote add origin /nowhere; git update-ref refs/remotes/origin/main topic")
        },
        Row("merged into another branch only", keeps: true, "not merged into main") { sandbox, linked in
            try work(sandbox, linked)
            try sandbox.repository.branch("other", at: "topic")
        },
        Row("merged into what origin/HEAD names", keeps: false, "merged into develop") { sandbox, linked in
            try work(sandbox, linked)
            try sandbox.sh(
                "git branch develop topic; git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/develop"
            )
        },
        Row("not merged into what origin/HEAD names", keeps: true, "not merged into develop") { sandbox, linked in
            try sandbox.sh(
                "git branch develop topic~1; git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/develop"
            )
        },
        Row("squashed into main", keeps: false, "squashed into main") { sandbox, linked in
            try work(sandbox, linked)
            try sandbox.sh(
                "git merge -q --squash topic && git commit -qm squashed && git commit -q --allow-empty -m on")
        },
        Row("rebased onto main, patch by patch", keeps: false, "all its patches are in main") { sandbox, linked in
            try sandbox.sh(
                "echo 1 > 1; git add 1; git commit -qm 1; echo 2 > 2; git add 2; git commit -qm 2", in: linked)
            try sandbox.sh("git cherry-pick topic~1 topic >&2")
        },
        Row("the same files as main", keeps: false, "the same files as main") { sandbox, linked in
            try sandbox.sh("git checkout -q main -- a.txt; git commit -qam same", in: linked)
        },
        Row("half of it in main", keeps: true, "not merged into main") { sandbox, linked in
            try sandbox.sh(
                "echo 1 > 1; git add 1; git commit -qm 1; echo 2 > 2; git add 2; git commit -qm 2", in: linked)
            try sandbox.sh("git cherry-pick topic~1 >&2")
        },
        Row("being bisected elsewhere", keeps: true, "another worktree has it checked out") { sandbox, linked in
            try sandbox.sh("git worktree add -q --force ../bisecting topic")
            try sandbox.sh("git bisect start HEAD HEAD~1 >&2", in: sandbox.path("bisecting"))
        },
        Row("checked out twice", .delete, keeps: true, "another worktree has it checked out") { sandbox, linked in
            try sandbox.sh("git worktree add -q --force ../twice topic")
        },
    ]

    @Test(arguments: branches)
    func theBranch(_ row: Row) throws {
        let sandbox = try Sandbox()
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        try row.arrange(sandbox, linked)
        let commit = try #require(ObjectID(hex: try sandbox.repository.git("rev-parse", "topic")))
        let result = try sandbox.remove(row.options)
        #expect(
            result.branch
                == (row.keeps
                    ? .keep("topic", because: row.because) : .delete("topic", at: commit, because: row.because)))
        #expect(
            try (sandbox.repository.attempt(["rev-parse", "--verify", "-q", "refs/heads/topic"]).status == 0)
                == row.keeps)
        #expect(FileStatus.ifPresent(linked) == nil)
        #expect(try !sandbox.repository.git("worktree", "list").contains("linked"))
    }

    /// The default branch stays, wherever it is checked out.
    @Test func theDefaultBranchIsKept() throws {
        let sandbox = try Sandbox()
        try sandbox.repository.git("switch", "-q", "topic")
        try sandbox.repository.git("remote", "add", "origin", "/nowhere")
        try sandbox.repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
        try sandbox.repository.addWorktree("linked", branch: "main")
        #expect(try sandbox.remove(RemovalOptions("main")).branch == .keep("main", because: "it is the default branch"))
        #expect(try sandbox.repository.git("rev-parse", "--verify", "main") != "")
    }

    @Test func aDetachedWorktreeHasNoBranch() throws {
        let sandbox = try Sandbox()
        try sandbox.repository.git("worktree", "add", "-q", "--detach", "../linked", "topic")
        #expect(try sandbox.remove(RemovalOptions("linked")).branch == .none)
        #expect(try sandbox.repository.git("worktree", "list", "--porcelain").split(separator: "worktree ").count == 1)
    }

    /// Branch, tag, stash, a remote branch: each of them keeps a detached commit.
    @Test(arguments: ["refs/heads/x", "refs/tags/x", "refs/remotes/origin/x", "refs/stash"])
    func aDetachedCommitThatIsReferenced(_ reference: String) throws {
        let sandbox = try Sandbox()
        try sandbox.repository.git("worktree", "add", "-q", "--detach", "../linked", "topic")
        try sandbox.sh(
            "git commit -q --allow-empty -m mine; git update-ref \(reference) HEAD", in: sandbox.path("linked"))
        try sandbox.remove(RemovalOptions("linked"))
        #expect(FileStatus.ifPresent(sandbox.path("linked")) == nil)
    }

    @Test func forceTwiceRemovesALockedOne() throws {
        let sandbox = try Sandbox()
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        try sandbox.sh("git worktree lock --reason why ../linked; echo mine > ../linked/mine")
        try sandbox.remove(RemovalOptions("linked", force: 2))
        #expect(FileStatus.ifPresent(linked) == nil)
    }

    @Test func aGoneDirectoryIsUnregistered() throws {
        let sandbox = try Sandbox()
        try sandbox.repository.addWorktree("linked", branch: "topic")
        try sandbox.sh("rm -r ../linked")
        let plan = try sandbox.removalPlan(RemovalOptions("topic"))
        #expect(plan.isGone)
        let result = try plan.run(in: sandbox.open())
        #expect(result.usage?.exclusive == 0)
        #expect(FileStatus.ifPresent(sandbox.repository.path.pushing(".git/worktrees")) == nil)
        #expect(try sandbox.repository.attempt(["rev-parse", "--verify", "-q", "topic"]).status != 0)
    }

    /// Something comes into the place of the worktree between the plan and its execution.
    @Test func whatChangedSinceThePlanStays() throws {
        let sandbox = try Sandbox()
        try sandbox.repository.addWorktree("linked", branch: "topic")
        let plan = try sandbox.removalPlan(RemovalOptions("linked"))
        try sandbox.sh("mv ../linked ../away; git init -q ../linked; touch ../linked/mine")
        let before = try sandbox.snapshot()
        #expect(try failure { try plan.run(in: sandbox.open()) }?.kind == .refused)
        #expect(try sandbox.snapshot().differences(from: before) == [])
        try sandbox.sh("rm -rf ../linked ../away")
        let gone = try sandbox.removalPlan(RemovalOptions("linked"))
        try sandbox.sh("echo mine > ../linked")
        let later = try sandbox.snapshot()
        #expect(try failure { try gone.run(in: sandbox.open()) }?.kind == .refused)
        #expect(try sandbox.snapshot().differences(from: later) == [])
    }

    /// What could not be removed whole is still registered, and a second attempt finishes; git leaves a directory that
    /// it knows nothing of.
    @Test(.enabled(if: RemovalTests.canMakeImmutable, "needs root, and a file system with chattr"))
    func aFailureHalfWayCanBeFinished() throws {
        let sandbox = try Sandbox()
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        try sandbox.forbidTrash()
        try sandbox.sh("chattr +i src/deep/b.rs", in: linked)
        let first = try failure { try sandbox.remove(RemovalOptions("linked")) }
        try sandbox.sh("chattr -i src/deep/b.rs", in: linked)
        #expect(first?.kind == .failed)
        #expect(first?.message.contains("src/deep/b.rs: Operation not permitted") == true)
        #expect(try sandbox.repository.git("rev-parse", "--verify", "topic") != "")
        #expect(try sandbox.repository.git("symbolic-ref", "HEAD", in: linked) == "refs/heads/topic")
        let again = try failure { try sandbox.removalPlan(RemovalOptions("linked")) }
        #expect(again?.message.contains("work that is not committed") == true)
        try sandbox.remove(RemovalOptions("linked", force: 1))
        #expect(FileStatus.ifPresent(linked) == nil)
        #expect(try !sandbox.repository.git("worktree", "list").contains("linked"))
    }

    /// Whether a file can be made immutable here, found out by trying.
    static let canMakeImmutable: Bool = {
        guard let directory = try? TemporaryDirectory() else { return false }
        let script = "touch f && chattr +i f && chattr -i f"
        let outcome = try? ChildProcess(
            "sh", ["-c", script], in: directory.path, environment: ["PATH": "/usr/bin:/bin"]
        ).run()
        return outcome?.status == 0
    }()

    /// Work that comes after the plan was made keeps the worktree as it is.
    @Test(arguments: [true, false])
    func workThatCameSinceThePlanStays(_ hasTrash: Bool) throws {
        for script in ["git commit -q --allow-empty -m mine", "echo mine > new", "echo mine >> a.txt"] {
            let sandbox = try Sandbox()
            let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
            if !hasTrash { try sandbox.forbidTrash() }
            let plan = try sandbox.removalPlan(RemovalOptions("linked"))
            try sandbox.sh(script, in: linked)
            let before = try sandbox.snapshot()
            let linkedBefore = try TreeSnapshot(linked)
            #expect(try failure { try plan.run(in: sandbox.open()) }?.kind == .refused)
            #expect(try sandbox.snapshot().leftovers(since: before) == [])
            #expect(try TreeSnapshot(linked).differences(from: linkedBefore) == [])
        }
    }

    /// A worktree that cannot be unregistered is put back whole.
    @Test(.enabled(if: RemovalTests.canMakeImmutable, "needs root, and a file system with chattr"))
    func aRegistrationThatCannotBeRemoved() throws {
        let sandbox = try Sandbox()
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        let plan = try sandbox.removalPlan(RemovalOptions("linked"))
        let before = try TreeSnapshot(linked)
        try sandbox.sh("chattr +i .git/worktrees/linked")
        let failure = try failure { try plan.run(in: sandbox.open()) }
        try sandbox.sh("chattr -i .git/worktrees/linked")
        #expect(failure?.message.contains("cannot be moved") == true)
        #expect(try TreeSnapshot(linked).differences(from: before) == [])
        #expect(FileStatus.ifPresent(try sandbox.trash.path) == nil)
    }

    /// Two hundred are listed, cleaned and removed; all but one have a branch that is merged.
    @Test func twoHundredGoAtOnce() throws {
        let sandbox = try Sandbox()
        try sandbox.sh(
            """
            echo '[workspace]' > Cargo.toml; git add .; git commit -qm manifest; git branch -f topic
            git commit -q --allow-empty -m more
            for i in $(seq 200); do
                git worktree add -q -b "b$i" "../w$i" "$([ $((i % 2)) = 0 ] && echo topic || echo main)"
                mkdir -p ../w$i/target/debug/.fingerprint/a-0123456789abcdef
                touch ../w$i/target/debug/.cargo-lock ../w$i/target/debug/.fingerprint/a-0123456789abcdef/lib-a
            done
            git commit-tree -p topic -m x topic^{tree} > ../id; git update-ref refs/heads/b2 "$(cat ../id)"
            """)
        let opened = try sandbox.open()
        let here = sandbox.repository.path
        #expect(try Listing(of: opened, currentDirectory: here).rows.count == 201)
        var cleaning = CleanOptions()
        cleaning.allBut = ["w7"]
        _ = try CleanPlan(cleaning, in: opened, currentDirectory: here).run(in: opened)
        #expect(try sandbox.sh("ls -d ../*/target/debug") == "../w7/target/debug")
        let plans = try RemovalPlan.plans(
            (1...200).map { RemovalOptions("w\($0)", force: 0, branch: $0 % 20 == 2 ? .whenMerged : .keep) },
            in: opened,
            currentDirectory: here)
        #expect(plans.count == 200)
        for plan in plans { _ = try plan.run(in: opened) }
        try sandbox.trash.empty()
        #expect(try sandbox.repository.git("worktree", "list", "--porcelain").split(separator: "worktree ").count == 1)
        let branches = try sandbox.repository.git("for-each-ref", "--format=%(refname:short)", "refs/heads/b*")
        // b2 has a commit of its own.
        #expect(branches.split(separator: "\n").count == 191 && branches.contains("b2\n"))
        #expect(try sandbox.sh("ls .. | grep -c ^w || true") == "0")
        #expect(FileStatus.ifPresent(sandbox.repository.path.pushing(".git/worktrees")) == nil)
    }

    /// What two worktrees share is freed when the second goes.
    @Test func whatIsFreedTogether() throws {
        let sandbox = try Sandbox()
        try sandbox.sh(
            """
            for i in 1 2; do git worktree add -q -b "b$i" "../w$i" topic; mkdir ../w$i/target; done
            head -c 300000 /dev/urandom > ../w1/target/a; ln ../w1/target/a ../w2/target/a
            ln ../w1/target/a ../w1/target/again
            """)
        let all = try sandbox.sh("du -sc --block-size=1 ../w1 ../w2 | tail -1 | cut -f 1")
        let opened = try sandbox.open()
        let plans = try RemovalPlan.plans(
            ["w1", "b2", "b1"].map { RemovalOptions($0) }, in: opened, currentDirectory: sandbox.repository.path)
        #expect(plans.count == 2)
        #expect(plans[0].usage!.shared >= 300_000)
        #expect(plans[1].usage!.shared == 0)
        #expect(String(plans[0].usage!.exclusive + plans[1].usage!.exclusive) == all)
    }

    /// Ignored files go, as with git; what symlinks lead to stays.
    @Test func ignoredFilesGoAndLinksAreNotFollowed() throws {
        let sandbox = try Sandbox()
        try sandbox.sh("mkdir ../outside; echo keep > ../outside/file; ln ../outside/file ../outside/again")
        let outside = try TreeSnapshot(sandbox.path("outside"))
        for name in ["ours", "theirs"] {
            try sandbox.repository.git("worktree", "add", "-q", "-b", name, "../\(name)")
            try sandbox.sh(
                """
                mkdir -p target/debug; echo x > target/debug/file; ln ../outside/file target/hard
                ln -s ../../outside target/link; ln -s ../../outside/file target/debug/to; ln -s ../outside all.ignored
                ln -s /nowhere/at/all target/dangling; mkfifo target/fifo; chmod 500 target/debug
                """, in: sandbox.path(name))
        }
        try sandbox.remove(RemovalOptions("ours"))
        try sandbox.repository.git("worktree", "remove", "../theirs")
        #expect(FileStatus.ifPresent(sandbox.path("ours")) == nil)
        #expect(FileStatus.ifPresent(sandbox.path("theirs")) == nil)
        #expect(try TreeSnapshot(sandbox.path("outside")).differences(from: outside) == [])
    }

    /// Worktrees that git made are removed just as it removes them.
    @Test func theSameIsLeftAsByGit() throws {
        let sandbox = try Sandbox()
        let arrange =
            """
            git worktree add -q ../linked topic; git worktree add -q -b other ../other
            git -C ../linked commit -q --allow-empty -m x
            """
        try sandbox.sh(arrange)
        let backup = try TemporaryDirectory()
        try sandbox.sh("cp -a . \(backup.path)/", in: sandbox.directory.path)
        try sandbox.repository.git("worktree", "remove", "../linked")
        let theirs = try sandbox.snapshot()
        try sandbox.sh("find . -mindepth 1 -delete; cp -a \(backup.path)/. .", in: sandbox.directory.path)
        try sandbox.remove(RemovalOptions("linked"))
        #expect(try sandbox.snapshot().leftovers(since: theirs) == [])
    }

    /// du before and after, with files that another worktree has links to.
    @Test func freedIsWhatTheDiskHasMore() throws {
        let sandbox = try Sandbox()
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        try sandbox.sh(
            """
            mkdir -p target ../linked/target/deep; head -c 300000 /dev/urandom > target/shared
            ln target/shared ../linked/target/shared; ln target/shared ../linked/target/deep/again
            head -c 200000 /dev/urandom > ../linked/target/own; ln ../linked/target/own ../linked/target/deep/own
            head -c 50000 /dev/urandom > ../linked/target/single
            """)
        func used(_ path: FilePath) throws -> Int64 {
            try Int64(sandbox.sh("du -s --block-size=1 \(path) | cut -f 1")) ?? 0
        }
        // The registration, which goes too, is not counted.
        let worktree = try used(linked)
        let all = try Int64(sandbox.sh("du -sc --block-size=1 ../repository ../linked | tail -1 | cut -f 1")) ?? 0
        let rest = try used(sandbox.repository.path)
        let plan = try sandbox.removalPlan(RemovalOptions("linked"))
        #expect(plan.usage?.total == worktree)
        #expect(plan.usage?.exclusive == all - rest)
        let result = try plan.run(in: sandbox.open())
        #expect(result.usage?.exclusive == all - rest)
        #expect(result.usage?.shared == worktree - (all - rest))
        #expect(result.usage!.shared >= 300_000)
    }

    @Suite(.enabled(if: TinyFileSystem.isPossible, "needs the right to mount a tmpfs"))
    struct Mounts {
        @Test(arguments: ["tmpfs", "bind", "of the main worktree", "with a blank"], [0, 2])
        func aMountInsideIsRefusedBeforeAnythingGoes(_ kind: String, _ force: Int) throws {
            let sandbox = try Sandbox()
            let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
            try sandbox.sh("mkdir ../outside; echo keep > ../outside/file")
            let place = linked.pushing(FilePath(kind == "with a blank" ? "target/a b\\c\td" : "target/deep/mounted"))
            let mounted =
                switch kind {
                case "tmpfs", "with a blank": try TinyFileSystem(at: place, "size=64k")
                case "bind": try TinyFileSystem(binding: sandbox.path("outside"), at: place)
                default: try TinyFileSystem(binding: sandbox.repository.path, at: place)
                }
            let before = try sandbox.snapshot()
            let failure = try #require(try failure { try sandbox.removalPlan(RemovalOptions("linked", force: force)) })
            #expect(failure.message == "cannot remove 'topic': something is mounted in it, at \(place)")
            #expect(try sandbox.snapshot().differences(from: before) == [])
            withExtendedLifetime(mounted) {}
        }

        /// git empties it, and then cannot remove the directory.
        @Test func aWorktreeThatIsAMount() throws {
            let sandbox = try Sandbox()
            let place = sandbox.path("mounted")
            let mounted = try TinyFileSystem(at: place, "size=1m")
            try sandbox.repository.git("worktree", "add", "-q", place.string, "topic")
            let before = try sandbox.snapshot()
            let failure = try #require(try failure { try sandbox.removalPlan(RemovalOptions("topic", force: 2)) })
            #expect(failure.message.contains("something is mounted in it"))
            #expect(try sandbox.snapshot().differences(from: before) == [])
            withExtendedLifetime(mounted) {}
        }

        /// A worktree on a file system that is mounted above it is like any other.
        @Test func aMountAboveIsNoReason() throws {
            let sandbox = try Sandbox()
            let mounted = try TinyFileSystem(at: sandbox.path("above"), "size=1m")
            try sandbox.repository.git("worktree", "add", "-q", "../above/linked", "topic")
            let beside = try TinyFileSystem(at: sandbox.path("above/linked-not"), "size=64k")
            let took = try sandbox.sh("du -s --block-size=1 ../above/linked | cut -f 1")
            let plans = try RemovalPlan.plans(
                [RemovalOptions("topic")], measuring: false, in: sandbox.open(),
                currentDirectory: sandbox.repository.path)
            #expect(plans[0].usage == nil)
            let result = try plans[0].run(in: sandbox.open())
            #expect(FileStatus.ifPresent(sandbox.path("above/linked")) == nil)
            #expect(FileStatus.ifPresent(beside.path) != nil)
            // What is deleted in place is measured all the same.
            #expect(!result.isInTrash && String(result.usage?.exclusive ?? 0) == took)
            withExtendedLifetime(mounted) {}
        }
    }
}
