import FileTree
import SystemPackage
import Testing

@testable import Git

@Suite struct StatusTests {
    private func status(_ sandbox: Sandbox, _ name: String = "repo") throws -> WorkingTreeStatus {
        try GitCommand(worktree: sandbox.path(name), environment: sandbox.environment).status()
    }

    @Test func everyKindIsCounted() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        #expect(try status(sandbox).isClean)
        try sandbox.shell(
            """
            echo x > new; mkdir d; echo 1 > d/1; echo 2 > d/2; echo ignored > ignored; echo ignored > .git/info/exclude
            git mv run.sh 'moved to
            here'; echo y >> a.txt; git add a.txt; echo z >> a.txt; rm crates.d/b
            """)
        var expected = WorkingTreeStatus()
        expected.untracked = 2
        expected.staged = 2
        expected.modified = 2
        #expect(try status(sandbox) == expected)
        #expect(try !status(sandbox).isClean)
    }

    @Test func conflictsAreCounted() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "git switch -qc side HEAD~1; echo side > a.txt; git commit -qam side; git merge -q main || true")
        #expect(try status(sandbox).conflicted == 1)
    }

    @Test func theUsersSettingsDoNotHideAnything() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell("git config status.showUntrackedFiles no; git config diff.ignoreSubmodules all; echo x > new")
        #expect(try status(sandbox).untracked == 1)
    }

    @Test func nothingIsWritten() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell("touch -d @1600000000 a.txt run.sh")
        let before = try readFileAndStatus(sandbox.path("repo/.git/index"))
        #expect(try status(sandbox).isClean)
        let after = try readFileAndStatus(sandbox.path("repo/.git/index"))
        #expect(before.bytes == after.bytes && before.status.inode == after.status.inode)
        try GitCommand(worktree: sandbox.path("repo"), environment: sandbox.environment).refreshIndex()
        #expect(try readFile(sandbox.path("repo/.git/index")) != before.bytes)
    }

    /// A worktree whose `.git` is gone lies inside another repository here; that one's answer would be wrong.
    @Test func aBrokenWorktreeIsAnErrorAndNotItsSurroundings() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q inner -b inner")
        try sandbox.shell("echo inner > .git/info/exclude; rm inner/.git")
        #expect(gitError { try status(sandbox, "repo/inner") } != nil)
        let command = GitCommand(at: sandbox.path("repo/inner"), environment: sandbox.environment)
        #expect(gitError { try command.run(["rev-parse", "HEAD"]) } != nil)
        // The caller's GIT_DIR is about another worktree.
        sandbox.environment["GIT_DIR"] = sandbox.path("repo/.git").string
        #expect(gitError { try status(sandbox, "repo/inner") } != nil)
        #expect(
            try GitCommand(at: sandbox.path("repo"), environment: sandbox.environment).run(["rev-parse", "--git-dir"])
                .text == ".git\n")
    }

    @Test func historyIsGits() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let git = try sandbox.open().git
        let (old, new) = (try sandbox.id("HEAD~1"), try sandbox.id("HEAD"))
        #expect(try git.isAncestor(old, of: new))
        #expect(try !git.isAncestor(new, of: old))
        #expect(try git.divergence(of: new, from: old) == Divergence(ahead: 1, behind: 0))
        #expect(gitError { _ = try git.isAncestor(.zero, of: new) } != nil)
    }

    @Test func commitsThatNothingElseHoldsAreCounted() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q --detach ../tree")
        try sandbox.shell(
            "for i in 1 2; do echo $i > f$i; git add .; git commit -qm $i; done", in: sandbox.path("tree"))
        let git = try sandbox.open().git
        let tip = try #require(ObjectID(hex: try sandbox.git("rev-parse HEAD", in: sandbox.path("tree"))))
        #expect(try git.countOfUnreferencedCommits(from: tip) == 2)
        #expect(try !git.isReferenced(tip))
        #expect(try git.isReferenced(sandbox.id("HEAD")))
        try sandbox.git("branch keep \(tip)")
        #expect(try git.isReferenced(tip))
        #expect(try git.countOfUnreferencedCommits(from: tip, excluding: ["refs/heads/keep"]) == 2)
        try sandbox.git("update-ref refs/remotes/origin/keep \(tip)~1")
        #expect(try git.countOfUnreferencedCommits(from: tip, excluding: ["refs/heads/keep"]) == 1)
        try sandbox.git("tag t \(tip)")
        #expect(try git.isReferenced(tip, excluding: ["refs/heads/keep"]))
        // The bisect references of the worktree itself go with it.
        try sandbox.git("tag -d t")
        try sandbox.git("update-ref refs/bisect/bad \(tip)", in: sandbox.path("tree"))
        for place in ["repo", "tree"] {
            let git = try sandbox.open(place).git
            #expect(try git.countOfUnreferencedCommits(from: tip, excluding: ["refs/heads/keep"]) == 1, "\(place)")
        }
    }

    @Test func initialisedSubmodulesAreFound() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.makeRepository("lib")
        try sandbox.shell("git -c protocol.file.allow=always submodule -q add ../lib lib; git commit -qm sub")
        try sandbox.git("worktree add -q ../tree -b tree")
        func isFound() throws -> Bool {
            let repository = try sandbox.open()
            return try repository.hasInitialisedSubmodules(try #require(repository.location.worktrees().last))
        }
        #expect(try !isFound())
        try sandbox.shell("git -c protocol.file.allow=always submodule -q update --init", in: sandbox.path("tree"))
        #expect(try isFound())
        // git agrees: no removal without force.
        #expect(try sandbox.git("worktree remove ../tree", accepting: [128]) == "")
    }
}
