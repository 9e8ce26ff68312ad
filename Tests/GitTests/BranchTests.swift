import FileTree
import SystemPackage
import Testing

@testable import Git

@Suite struct BranchTests {
    @Test func aNewBranchHasTheLogThatGitWrites() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let repository = try sandbox.open()
        try sandbox.git("branch theirs HEAD~1")
        try repository.createBranch("ours", at: sandbox.id("HEAD~1"), reflogMessage: "branch: Created from HEAD~1")
        let logs = sandbox.path("repo/.git/logs/refs/heads")
        #expect(try readFile(logs.appending("ours")) == readFile(logs.appending("theirs")))
        #expect(repository.localBranch("ours") == (try sandbox.id("HEAD~1")))
    }

    @Test func anExistingBranchIsNeverChanged() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let repository = try sandbox.open()
        try sandbox.git("branch there HEAD~1")
        try sandbox.git("pack-refs --all")
        let error = gitError {
            try repository.createBranch("there", at: sandbox.id("HEAD"), reflogMessage: "branch: Created from HEAD")
        }
        #expect(error?.kind == .exists)
        #expect(try sandbox.id("there") == sandbox.id("HEAD~1"))
        let conflict = gitError {
            try repository.createBranch("there/below", at: sandbox.id("HEAD"), reflogMessage: "x")
        }
        #expect(conflict != nil)
        let invalid = gitError { try repository.createBranch("-d", at: sandbox.id("HEAD"), reflogMessage: "x") }
        #expect(invalid?.kind == .invalidName)
    }

    @Test func deletionComparesFirst() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let repository = try sandbox.open()
        try sandbox.git("branch topic HEAD~1")
        try sandbox.git("config branch.topic.remote origin")
        let moved = gitError { try repository.deleteBranch("topic", expecting: sandbox.id("HEAD")) }
        #expect(moved?.kind == .moved)
        #expect(try sandbox.id("topic") == sandbox.id("HEAD~1"))
        #expect(try sandbox.git("config branch.topic.remote") == "origin")
        try repository.deleteBranch("topic", expecting: sandbox.id("HEAD~1"))
        #expect(repository.localBranch("topic") == nil)
        #expect(try sandbox.git("config --get-regexp branch.topic", accepting: [1]) == "")
        let gone = gitError { try repository.deleteBranch("topic", expecting: sandbox.id("HEAD")) }
        #expect(gone?.kind == .notFound)
    }

    @Test func remoteBranchesAreFoundByTheirShortName() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("branch topic HEAD~1")
        try sandbox.git("clone -q repo clone", in: sandbox.root)
        let clone = sandbox.path("clone")
        let one = try sandbox.open("clone").remoteBranches(named: "topic")
        let expected = RemoteBranch(
            remote: "origin", referenceName: "refs/remotes/origin/topic", id: try sandbox.id("topic"))
        #expect(one == [expected])
        #expect(try sandbox.open("clone").remoteBranches(named: "nope").isEmpty)

        try sandbox.git("remote add fork.x ../repo", in: clone)
        try sandbox.git("config remote.fork.x.fetch +refs/heads/*:refs/remotes/other/*-f", in: clone)
        try sandbox.git("fetch -q fork.x", in: clone)
        let two = try sandbox.open("clone").remoteBranches(named: "topic")
        #expect(two.map(\.referenceName) == ["refs/remotes/other/topic-f", "refs/remotes/origin/topic"])
        try sandbox.git("config checkout.defaultRemote origin", in: clone)
        #expect(try sandbox.open("clone").remoteBranches(named: "topic") == [expected])
    }

    @Test func anUpstreamIsSetAsGitSetsIt() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("branch topic HEAD~1")
        try sandbox.git("clone -q repo clone", in: sandbox.root)
        let clone = sandbox.path("clone")
        try sandbox.git("config branch.autoSetupRebase always", in: clone)
        let repository = try sandbox.open("clone")
        let upstream = try #require(repository.remoteBranches(named: "topic").first)
        try repository.createBranch("topic", at: upstream.id, reflogMessage: "branch: Created from origin/topic")
        try repository.setUpstream(of: "topic", to: upstream)
        let ours = try sandbox.git("config --get-regexp ^branch.topic", in: clone)
        try sandbox.git("branch -q -D topic", in: clone)
        try sandbox.git("branch -q --track topic origin/topic", in: clone)
        #expect(try sandbox.git("config --get-regexp ^branch.topic", in: clone) == ours)
        #expect(ours.contains("refs/heads/topic"))
    }

    @Test func theReferenceTransactionHookIsAsked() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "printf '#!/bin/sh\\n[ $1 != prepared ]\\n' > .git/hooks/reference-transaction; chmod +x .git/hooks/reference-transaction"
        )
        let repository = try sandbox.open()
        let error = gitError { try repository.createBranch("x", at: sandbox.id("HEAD"), reflogMessage: "m") }
        #expect(error != nil)
        #expect(repository.localBranch("x") == nil)
    }
}
