import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Several `wt new` at once.
@Suite struct RacingTests {
    private func words(_ place: MakingPlace, _ arguments: [String]) -> [String] {
        Array(place.words([]).prefix(3)) + arguments
    }

    /// Starts all of them, and waits for all. Returns status and words of each.
    private func race(_ place: MakingPlace, _ commands: [[String]]) throws -> [(status: Int32, words: String)] {
        let all = try commands.enumerated().map { number, arguments in
            try place.start(words(place, arguments), log: "race-\(number).log")
        }
        return all.map { ($0.wait(), $0.words) }
    }

    private func checkAll(_ place: MakingPlace, _ count: Int) throws {
        let listing = try place.repository.git("worktree", "list", "--porcelain")
        #expect(!listing.contains("\nlocked") && !listing.contains("\nprunable"), "\(listing)")
        let roots = listing.split(separator: "\n").filter { $0.hasPrefix("worktree ") }.map { String($0.dropFirst(9)) }
        #expect(roots.count == count + 1)
        #expect(Set(roots).count == roots.count)
        for root in roots {
            #expect(try place.repository.git("status", "--porcelain", in: FilePath(root)) == "")
        }
        #expect(FileStatus.ifPresent(place.repository.path.appending(".git").appending("wt-making")) == nil)
        try place.repository.git("fsck", "--no-progress")
    }

    @Test(arguments: MakingPlace.Way.allCases, ["new", "far", "topic"])
    func oneOfTwoWins(_ way: MakingPlace.Way, _ branch: String) throws {
        let place = try MakingPlace(way)
        for _ in 0..<4 {
            let results = try race(place, [[branch], [branch]])
            #expect(results.map(\.status).sorted() == [0, 1], "\(results)")
            let loser = try #require(results.first { $0.status == 1 }).words
            #expect(loser.hasPrefix("wt: cannot create ") && loser.contains("'\(branch)'"), "\(loser)")
            try checkAll(place, 1)
            let winner = place.directory.appending("repository.\(branch)").string
            try place.repository.git("worktree", "remove", winner)
            if branch != "topic" { try place.repository.git("branch", "-D", branch) }
        }
    }

    /// The second comes for certain while the first is at work.
    @Test func theSecondIsToldOfTheFirst() throws {
        let place = try MakingPlace(.git)
        let (reached, gate) = try place.makeGate()
        let first = try place.start(words(place, ["a/b"]), log: "first.log")
        try #require(first.runs { FileStatus.ifPresent(reached) != nil }, "\(first.words)")
        let path = place.directory.appending("repository.a-b").string
        let before = try place.snapshot()
        for (arguments, message) in [
            // git has registered it by now.
            (["a/b"], "cannot create 'a/b': the branch is checked out at \(path)"),
            (["other", "--path", path], "another wt new is making a worktree at \(path)"),
        ] {
            let second = try place.run(words(place, arguments))
            #expect(second.status == 1)
            #expect(second.errorText.contains(message), "\(second.errorText)")
        }
        #expect(try place.snapshot().leftovers(since: before) == [])
        // What is being made is none of what is to be cleared up; and another branch gets another directory.
        let third = try place.run(words(place, ["a-b"]))
        #expect(third.status == 0, "\(third.errorText)")
        #expect(third.text.hasPrefix("\(path)-"))
        try Data("go\n".utf8).write(to: URL(fileURLWithPath: gate.string))
        #expect(first.wait() == 0, "\(first.words)")
        try checkAll(place, 2)
    }

    /// All follow a remote branch, so that all write the configuration, and some would have the same directory.
    @Test(arguments: MakingPlace.Way.allCases) func eightAtOnce(_ way: MakingPlace.Way) throws {
        let place = try MakingPlace(way)
        let names = ["a/b", "a-b", "a+b", "A/B", "x/y/z", "x-y/z", "x/y-z", "far"]
        for name in names { try place.repository.git("update-ref", "refs/remotes/origin/\(name)", "HEAD") }
        let results = try race(place, names.map { [$0] })
        #expect(results.map(\.status) == names.map { _ in 0 }, "\(results)")
        try checkAll(place, names.count)
        for name in names {
            #expect(try place.repository.git("config", "branch.\(name).merge") == "refs/heads/\(name)")
        }
    }

    @Test(arguments: MakingPlace.Way.allCases) func eightDetachedAtOnce(_ way: MakingPlace.Way) throws {
        let place = try MakingPlace(way)
        // One last component, so that they also want the same name under `worktrees/`.
        let results = try race(place, (1...8).map { ["--detach", "topic", "--path", "../place\($0)/x"] })
        #expect(results.map(\.status) == [Int32](repeating: 0, count: 8), "\(results)")
        try checkAll(place, 8)
    }
}
