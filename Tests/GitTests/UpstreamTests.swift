import SystemPackage
import Testing

@testable import Git

/// What branches follow, beside `git for-each-ref`.
@Suite struct UpstreamTests {
    @Test func asForEachRefShowsIt() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("clone -q -o some/remote repo clone", in: sandbox.root)
        let clone = sandbox.path("clone")
        try sandbox.shell(
            """
            git branch -q --no-track none; git branch -q --track local main; git branch -q ahead some/remote/main
            git switch -q ahead; git commit -q --allow-empty -m a; git commit -q --allow-empty -m b
            git branch -q --track behind ahead; git branch -qf --no-track behind main
            git branch -q gone some/remote/main; git config branch.gone.merge refs/heads/deleted
            git branch -q url; git config branch.url.remote ../repo; git config branch.url.merge refs/heads/main
            git branch -q halfway; git config branch.halfway.remote some/remote
            git branch -q other; git config branch.other.merge refs/heads/main
            git branch -q unfetched some/remote/main; git config branch.unfetched.merge refs/notes/x
            git branch -q With.Dots/And.CASE some/remote/main
            git update-ref refs/remotes/deep/tree/x HEAD; git remote add second ../repo
            git config remote.second.fetch +refs/heads/r/*:refs/remotes/deep/tree/*
            git branch -q mapped; git config branch.mapped.remote second; git config branch.mapped.merge refs/heads/r/x
            git branch -q nowhere; git config branch.nowhere.remote second
            git config branch.nowhere.merge refs/heads/r/nowhere
            """, in: clone)
        let format = "--format=%(refname:lstrip=2)|%(upstream)|%(upstream:short)|%(upstream:track,nobracket)"
        let git = try sandbox.git(["for-each-ref", format, "refs/heads"], in: clone)
        let opened = try sandbox.open("clone")
        let ours = try opened.localBranches().map { branch, commit in
            guard let upstream = opened.upstream(of: branch) else { return "\(branch)|||" }
            var track = "gone"
            if let theirs = upstream.commit {
                let walk = try CommitWalk(from: [commit, theirs], opened.git)
                let divergence = try #require(walk.divergence(of: commit, from: theirs))
                track = [(divergence.ahead, "ahead"), (divergence.behind, "behind")].filter { $0.0 > 0 }
                    .map { "\($0.1) \($0.0)" }.joined(separator: ", ")
            }
            return "\(branch)|\(upstream.referenceName)|\(upstream.shortName)|\(track)"
        }
        #expect(ours.joined(separator: "\n") == git)
        #expect(ours.filter { $0.hasSuffix("|gone") }.count == 2 && ours.contains { $0.hasSuffix("behind 2") })
        #expect(opened.defaultBranch(of: "some/remote") == "main")
        #expect(opened.defaultBranch(of: "second") == nil)
    }
}
