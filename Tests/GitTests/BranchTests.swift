import FileTree
import SystemPackage
import Testing

@testable import Git

@Suite struct BranchTests {
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
}
