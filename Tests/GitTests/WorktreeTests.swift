import FileTree
import SystemPackage
import Testing

@testable import Git

@Suite struct WorktreeTests {
    /// One worktree as `git worktree list --porcelain` prints it.
    private func porcelain(_ record: WorktreeRecord) -> String {
        var lines = ["worktree \(record.path)"]
        if record.isBare { return lines[0] + "\nbare" }
        lines.append("HEAD \(record.head.commit?.description ?? String(repeating: "0", count: 40))")
        switch record.head {
        case .branch(let name, _): lines.append("branch refs/heads/\(name)")
        case .detached: lines.append("detached")
        case .unreadable: break
        }
        if let reason = record.lockReason { lines.append(reason.isEmpty ? "locked" : "locked \(reason)") }
        if let reason = record.pruneReason { lines.append("prunable \(reason)") }
        return lines.joined(separator: "\n")
    }

    private func listing(_ sandbox: Sandbox, _ directory: String = "repo") throws -> String {
        let records = try sandbox.open(directory).location.worktrees()
        return records.map(porcelain).joined(separator: "\n\n") + "\n"
    }

    @Test func theListIsThatOfGit() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        for line in [
            "worktree add -q ../z -b topic/z", "worktree add -q --detach ../a HEAD~1",
            "worktree add -q ../gone -b gone",
            "worktree add -q --lock ../locked -b locked", "worktree add -q ../inside/m -b m",
            "worktree add -q ../gone-locked -b gl", "worktree lock --reason usb ../z",
        ] {
            try sandbox.git(line)
        }
        try sandbox.shell("git worktree lock --reason ' kept  here ' ../gone-locked; rm -rf ../gone ../gone-locked")
        try sandbox.shell(
            "mkdir -p .git/worktrees/junk .git/worktrees/empty; : > .git/worktrees/empty/gitdir; : > .git/worktrees/file"
        )
        let expected = try sandbox.git("worktree list --porcelain")
        #expect(expected.contains("prunable gitdir file points to non-existent location"))
        #expect(try listing(sandbox) == expected)
        #expect(try listing(sandbox, "z") == expected)
        let damaged = try sandbox.open().location.damagedRegistrations()
        let pruned = try sandbox.git("worktree prune --dry-run --verbose", accepting: [0])
        let said = try sandbox.shell("git worktree prune -n -v 2>&1") + pruned
        #expect(damaged.map(\.directory.name) == ["empty", "file", "junk"])
        for (directory, reason) in damaged {
            #expect(said.contains("Removing worktrees/\(directory.name): \(reason)"))
        }
    }

    @Test func bareRepositoriesAreListedAsByGit() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("clone -q --bare repo bare.git", in: sandbox.root)
        try sandbox.git("worktree add -q ../linked main", in: sandbox.path("bare.git"))
        let expected = try sandbox.git("worktree list --porcelain", in: sandbox.path("linked"))
        #expect(try listing(sandbox, "bare.git") == expected)
        #expect(try listing(sandbox, "linked") == expected)
    }

    @Test func anUnbornBranchIsListedAsByGit() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q ../other -b other")
        try sandbox.git("checkout -q --orphan fresh", in: sandbox.path("other"))
        #expect(try listing(sandbox) == sandbox.git("worktree list --porcelain"))
    }

    /// git 2.48 and later can write both links relative.
    @Test func relativeLinksAreFollowed() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q ../other -b other")
        try sandbox.shell(
            "echo ../../../../other/.git > .git/worktrees/other/gitdir; echo 'gitdir: ../repo/.git/worktrees/other' > ../other/.git"
        )
        let record = try #require(try sandbox.open().location.worktrees().last)
        #expect(record.path == sandbox.path("other"))
        #expect(record.pruneReason == nil)
        #expect(record.backPointer == .consistent)
    }

    @Test func namesThatAreNotUTF8Survive() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell("git worktree add -q --detach \"$(printf '../w\\377')\"")
        let record = try #require(try sandbox.open().location.worktrees().last)
        #expect(record.path.lastComponent?.bytes.last == 0xff)
        #expect(record.name?.bytes == [UInt8(ascii: "w"), 0xff])
        #expect(FileStatus.ifPresent(record.path)?.kind == .directory)
        #expect(record.backPointer == .consistent)
    }

    @Test func aBranchUnderRebaseIsHeld() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q ../other -b topic HEAD~1")
        let other = sandbox.path("other")
        try sandbox.shell(
            "git branch mid; echo x > a.txt; git commit -qam x; git branch -f mid; echo y >> a.txt; git commit -qam y",
            in: other)
        for (option, operation) in [("--merge", OperationInProgress.rebase), ("--apply", .rebase)] {
            try sandbox.git("rebase -q \(option) main", in: other, accepting: [1])
            let holders = try sandbox.open().location.branchHolders(of: "topic")
            #expect(holders.map(\.worktree.path) == [other])
            #expect(holders.map(\.held.reason) == [.rebase])
            #expect(holders.first?.worktree.operations == [operation])
            // git agrees that it may not be checked out.
            #expect(try sandbox.git("worktree add -q ../third topic", accepting: [128]) == "")
            try sandbox.git("rebase --abort", in: other)
        }
        try sandbox.git("rebase -q --update-refs main", in: other, accepting: [1])
        let location = try sandbox.open().location
        #expect(try location.branchHolders(of: "mid").map(\.held.reason) == [.rebase])
        #expect(try sandbox.git("branch -f mid main", accepting: [128]) == "")
    }

    @Test func aBranchUnderBisectIsHeld() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q ../other -b topic")
        try sandbox.shell("git bisect start HEAD HEAD~1; git checkout -q --detach", in: sandbox.path("other"))
        let holders = try sandbox.open().location.branchHolders(of: "topic")
        #expect(holders.map(\.worktree.path) == [sandbox.path("other")])
        #expect(holders.map(\.held.reason) == [.bisect])
        #expect(holders.first?.worktree.operations == [.bisect])
        #expect(try sandbox.git("worktree add -q ../third topic", accepting: [128]) == "")
        try sandbox.git("bisect reset", in: sandbox.path("other"))
        #expect(try sandbox.open().location.branchHolders(of: "topic").map(\.held.reason) == [.checkedOut])
        #expect(try sandbox.open().location.branchHolders(of: "main").map(\.worktree.isMain) == [true])
        #expect(try sandbox.open().location.branchHolders(of: "nope").isEmpty)
    }

    @Test(arguments: OperationInProgress.allCases) func operationsAreSeen(_ operation: OperationInProgress) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "git switch -qc side HEAD~1; echo side > a.txt; git commit -qam side; git format-patch -q -1 -o ..; git switch -q main"
        )
        let line =
            switch operation {
            case .rebase: "git rebase -q side"
            case .am: "git am -q ../0001-side.patch 2>&1"
            case .merge: "git merge -q side"
            case .cherryPick: "git cherry-pick side"
            case .revert: "git revert --no-edit HEAD~1 2>&1"
            case .bisect: "git bisect start"
            case .notesMerge: "git notes add -m one; git notes --ref other add -m two; git notes merge -q other 2>&1"
            }
        #expect(try sandbox.open().location.worktrees()[0].operations.isEmpty)
        try sandbox.shell("\(line) || true")
        #expect(try sandbox.open().location.worktrees()[0].operations == [operation])
    }

    @Test func aSequenceBetweenTwoCommitsIsSeen() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "git switch -qc side HEAD~1; for i in 1 2; do echo $i > a.txt; git commit -qam $i; done; git switch -q main"
        )
        try sandbox.shell(
            "git cherry-pick side~1 side || true; git checkout -q --ours a.txt; git add a.txt; git commit -q --allow-empty -m x"
        )
        #expect(FileStatus.ifPresent(sandbox.path("repo/.git/CHERRY_PICK_HEAD")) == nil)
        #expect(try sandbox.open().location.worktrees()[0].operations == [.cherryPick])
    }

    @Test func backPointersAreChecked() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q ../other -b other")
        try sandbox.git("worktree add -q ../third -b third")
        let directory = AdministrativeDirectory(path: sandbox.path("repo/.git/worktrees/other"))
        func check() -> BackPointer { BackPointer.check(directory) }
        #expect(check() == .consistent)
        try sandbox.shell("mv other moved", in: sandbox.root)
        #expect(check() == .worktreeMissing)
        #expect(
            BackPointer.check(directory, worktree: sandbox.path("moved"))
                == .registeredElsewhere(sandbox.path("other/.git")))
        try sandbox.shell("mkdir other", in: sandbox.root)
        #expect(check() == .gitFileMissing)
        try sandbox.shell("git init -q other", in: sandbox.root)
        #expect(check() == .notAGitFile)
        try sandbox.shell("rm -rf other; cp -r third other", in: sandbox.root)
        #expect(check() == .namesAnother(sandbox.path("repo/.git/worktrees/third")))
        try sandbox.shell("rm -rf other; ln -s moved other", in: sandbox.root)
        #expect(check() == .worktreeMissing)
    }
}
