import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

@Suite struct PruneTests {
    private func plan(_ sandbox: Sandbox, merged: Bool = false, from place: FilePath? = nil) throws -> PrunePlan {
        try PrunePlan(merged: merged, in: sandbox.open(), currentDirectory: place ?? sandbox.repository.path)
    }

    private func names(_ plan: PrunePlan) -> [String] {
        plan.removals.map { $0.worktree.path.lastComponent?.string ?? "" }
    }

    /// A case, and whether wt takes it for gone; git does in each.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isGone: Bool
        let script: String

        init(_ description: String, isGone: Bool, _ script: String) {
            testDescription = description
            self.isGone = isGone
            self.script = script
        }
    }

    @Test(arguments: [
        Row("deleted", isGone: true, "rm -r ../place/linked"),
        Row("deleted with all above it", isGone: true, "rm -r ../place"),
        Row("moved by hand, beside the repository", isGone: false, "mv ../place/linked ../elsewhere"),
        Row("moved by hand, beside its old place", isGone: false, "mv ../place/linked ../place/elsewhere"),
        Row("a file in its place (git prunes it)", isGone: false, "rm -r ../place/linked; touch ../place/linked"),
        Row("nothing was deleted there since", isGone: false, "rm -r ../place/linked; touch -d 2001-01-01 ../place"),
        Row("no index", isGone: false, "rm -r ../place/linked .git/worktrees/linked/index"),
        Row(
            "a commit on no branch", isGone: false,
            "git -C ../place/linked checkout -q --detach; git -C ../place/linked commit -q --allow-empty -m mine; "
                + "rm -r ../place/linked"),
    ])
    func whatIsGone(_ row: Row) throws {
        let sandbox = try Sandbox()
        try sandbox.repository.addWorktree("place/linked", branch: "topic")
        try sandbox.repository.git("worktree", "add", "-q", "-b", "other", "../present")
        #expect(try names(plan(sandbox)) == [])
        try sandbox.sh(row.script)
        let before = try sandbox.snapshot()
        let plan = try plan(sandbox)
        #expect(names(plan) == (row.isGone ? ["linked"] : []))
        #expect(plan.kept.count == (row.isGone ? 0 : 1))
        for removal in plan.removals { _ = try removal.run(in: sandbox.open()) }
        if !row.isGone { #expect(try sandbox.snapshot().differences(from: before) == []) }
        #expect(try sandbox.repository.git("worktree", "list").contains("place/linked") == !row.isGone)
        #expect(try sandbox.repository.git("rev-parse", "--verify", "topic") != "")
        // What git thinks of it.
        try sandbox.sh("git worktree prune")
        #expect(try !sandbox.repository.git("worktree", "list").contains("place/linked"))
    }

    /// A locked one is neither for git nor for us.
    @Test func aLockedOneStays() throws {
        let sandbox = try Sandbox()
        try sandbox.repository.addWorktree("linked", branch: "topic")
        try sandbox.sh("git worktree lock ../linked; rm -r ../linked")
        let plan = try plan(sandbox)
        #expect(names(plan) == [])
        #expect(plan.kept.map(\.reason) == ["it is locked"])
    }

    @Suite(.enabled(if: TinyFileSystem.isPossible, "needs the right to mount a tmpfs"))
    struct Mounts {
        /// git prunes a worktree on a volume that is not mounted. A mount that has changed on the way, as when the mount
        /// point is made anew, is told by the disk alone.
        @Test(arguments: [false, true])
        func aVolumeThatIsNotMounted(_ isPlaceChanged: Bool) throws {
            let sandbox = try Sandbox()
            let image = sandbox.path("volume")
            var volume: TinyFileSystem? = try TinyFileSystem(at: image, "size=1m")
            try sandbox.repository.git("worktree", "add", "-q", "../volume/linked", "topic")
            try sandbox.repository.git("worktree", "add", "-q", "-b", "other", "../gone")
            try sandbox.sh("rm -r ../gone")
            withExtendedLifetime(volume) {}
            volume = nil
            if isPlaceChanged { try sandbox.sh("touch ../volume/mark; rm ../volume/mark") }
            #expect(FileStatus.ifPresent(sandbox.path("volume/linked")) == nil)
            let plan = try PrunePlan(merged: true, in: sandbox.open(), currentDirectory: sandbox.repository.path)
            #expect(plan.removals.map(\.worktree.path) == [sandbox.path("gone")])
            #expect(plan.kept.map(\.path) == [sandbox.path("volume/linked")])
            #expect(plan.kept.first?.reason.contains("may not be mounted") == true)
            for removal in plan.removals { _ = try removal.run(in: sandbox.open()) }
            #expect(try sandbox.repository.git("worktree", "list").contains("volume/linked"))
        }

        /// A bind mount has the disk of what is around it; its mount point has not changed.
        @Test func aBindMountThatIsNotThere() throws {
            let sandbox = try Sandbox()
            try sandbox.sh("mkdir ../real ../seen; touch -d 2001-01-01 ../seen")
            var bound: TinyFileSystem? = try TinyFileSystem(binding: sandbox.path("real"), at: sandbox.path("seen"))
            try sandbox.repository.git("worktree", "add", "-q", "../seen/linked", "topic")
            withExtendedLifetime(bound) {}
            bound = nil
            let plan = try PrunePlan(merged: false, in: sandbox.open(), currentDirectory: sandbox.repository.path)
            #expect(plan.removals.isEmpty)
            #expect(plan.kept.count == 1)
        }
    }

    /// Merged and clean goes; new, dirty, unmerged, locked, busy, current and main stay.
    @Test func whatIsMergedAndClean() throws {
        let sandbox = try Sandbox()
        try sandbox.sh(
            """
            for name in squashed ancestor new dirty ahead locked current; do
                git worktree add -q -b $name ../$name main
            done
            git worktree add -q --detach ../detached main
            for name in squashed ancestor dirty ahead locked current; do
                (cd ../$name; echo $name > $name.txt; git add .; git commit -qm $name)
            done
            git merge -q --squash squashed; git commit -qm squashed
            for name in ancestor dirty locked current; do git merge -q --no-edit $name; done
            # Brought up to date, and nothing more.
            for name in forward reset rebased; do git worktree add -q -b $name ../$name main~2; done
            git -C ../forward merge -q --ff-only main; git -C ../reset reset -q --hard main; git -C ../rebased rebase -q main
            echo mine > ../dirty/mine; git worktree lock ../locked
            """)
        let plan = try plan(sandbox, merged: true, from: sandbox.path("current"))
        #expect(names(plan) == ["ancestor", "squashed"])
        let kept = Dictionary(
            uniqueKeysWithValues: plan.kept.map { ($0.path.lastComponent?.string ?? "", $0.reason) })
        #expect(
            kept == [
                "new": "nothing shows that something was committed on its branch", "locked": "it is locked",
                "forward": "nothing shows that something was committed on its branch",
                "reset": "nothing shows that something was committed on its branch",
                "rebased": "nothing shows that something was committed on its branch",
                "dirty": "it has work that is not committed: 1 untracked", "current": "you are in it",
            ])
        for removal in plan.removals { _ = try removal.run(in: sandbox.open()) }
        #expect(
            try sandbox.repository.git("for-each-ref", "--format=%(refname:short)", "refs/heads")
                == "ahead\ncurrent\ndirty\nforward\nlocked\nmain\nnew\nrebased\nreset\ntopic")
        #expect(try names(self.plan(sandbox, from: sandbox.path("current"))) == [])
    }
}
