import FileTree
import SystemPackage
import TestSupport
import Testing

@testable import Git

/// One walk for all pairs beside `git rev-list --left-right --count` for each, on histories made at random.
@Suite struct CommitWalkTests {
    /// A history that `git fast-import` makes.
    private struct History {
        var parents: [[Int]] = []
        var dates: [Int] = []

        /// `skew` is how far dates are off, in commits; some commits begin a history of their own.
        init(commits: Int, skew: Int, roots: Int, _ random: inout some RandomNumberGenerator) {
            for number in 0..<commits {
                let recent = max(0, number - 12)..<number
                let isRoot = number == 0 || (number < roots * 5 && number % 5 == 0)
                var above = isRoot ? [] : [Int.random(in: recent, using: &random)]
                while !isRoot, number > 2, Int.random(in: 0..<4, using: &random) == 0 {
                    let other = Int.random(in: recent, using: &random)
                    if !above.contains(other) { above.append(other) }
                }
                parents.append(above)
                dates.append(
                    1_600_000_000 + 60 * (number + (skew > 0 ? Int.random(in: -skew...skew, using: &random) : 0)))
            }
        }

        /// The stream, with a branch `b<number>` at every commit.
        var stream: String {
            parents.indices.map { number in
                let merged = parents[number].dropFirst().map { "merge :\($0 + 1)\n" }.joined()
                let from = parents[number].first.map { "from :\($0 + 1)\n" } ?? ""
                return """
                    reset refs/heads/b\(number)
                    commit refs/heads/b\(number)
                    mark :\(number + 1)
                    committer A <a@b> \(dates[number]) +0000
                    data 1
                    x
                    \(from)\(merged)M 100644 inline f\(number % 7)
                    data \("\(number)".utf8.count)
                    \(number)

                    """
            }.joined()
        }

        /// All that is reachable from a commit.
        func reachable(from commit: Int) -> Set<Int> {
            var found: Set = [commit]
            var waiting = [commit]
            while let next = waiting.popLast() {
                for parent in parents[next] where found.insert(parent).inserted { waiting.append(parent) }
            }
            return found
        }
    }

    private func make(_ history: History, _ sandbox: Sandbox) throws -> [ObjectID] {
        try makeDirectories(sandbox.path("repo"))
        try sandbox.git("init -q -b none")
        try sandbox.write(history.stream, to: sandbox.path("stream"))
        try sandbox.shell("git fast-import --quiet < ../stream")
        let branches = try sandbox.open().localBranches()
        let commits = Dictionary(uniqueKeysWithValues: branches.map { ($0.name, $0.commit) })
        return try history.parents.indices.map { try #require(commits["b\($0)"]) }
    }

    @Test(arguments: [
        // In order; with equal neighbours out of order; far out of order; with several roots.
        (seed: 1, skew: 0, roots: 1), (2, 2, 1), (3, 40, 1), (4, 0, 4), (5, 40, 3), (6, 1000, 2),
    ])
    func allPairsAreRight(_ seed: Int, _ skew: Int, _ roots: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let sandbox = try Sandbox()
        let history = History(commits: 150, skew: skew, roots: roots, &random)
        let ids = try make(history, sandbox)
        let git = try sandbox.open().git
        let sets = history.parents.indices.map { history.reachable(from: $0) }
        for count in [2, 3, 9, 70] {
            let tips = (0..<count).map { _ in Int.random(in: 75..<150, using: &random) }
            let walk = try CommitWalk(from: Set(tips.map { ids[$0] }), git)
            for (one, other) in zip(tips, tips.dropFirst() + tips.prefix(1)) {
                let truth = Divergence(
                    ahead: sets[one].subtracting(sets[other]).count, behind: sets[other].subtracting(sets[one]).count)
                #expect(walk.divergence(of: ids[one], from: ids[other]) == truth, "\(one) \(other)")
                let found = Set(walk.commits(of: ids[one], notOf: ids[other]))
                #expect(found == Set(sets[one].subtracting(sets[other]).map { ids[$0] }))
            }
        }
    }

    @Test func asGitCounts() throws {
        var random = SplitMix(state: 11)
        let sandbox = try Sandbox()
        let ids = try make(History(commits: 120, skew: 3, roots: 2, &random), sandbox)
        let git = try sandbox.open().git
        let tips = (0..<12).map { _ in ids[Int.random(in: 60..<120, using: &random)] }
        let walk = try CommitWalk(from: Set(tips), git)
        for (one, other) in zip(tips, tips.dropFirst()) {
            #expect(try walk.divergence(of: one, from: other) == git.divergence(of: one, from: other))
            let bases = try sandbox.git(["merge-base", "--all", "\(one)", "\(other)"], accepting: [0, 1])
            let found = Set(walk.commonAncestors(of: [one, other]).map(\.description))
            #expect(found.isSuperset(of: bases.split(separator: "\n").map(String.init)))
        }
        #expect(walk.divergence(of: tips[0], from: tips[0]) == Divergence())
        #expect(walk.divergence(of: .zero, from: tips[0]) == nil)
    }

    /// The walk ends with the histories' common part, however long it is.
    @Test func theCommonPartIsNotRead() throws {
        let sandbox = try Sandbox()
        var stream = ""
        for number in 1...3000 {
            stream += "commit refs/heads/main\ncommitter A <a@b> \(1_600_000_000 + number) +0000\ndata 1\nx\n\n"
        }
        try makeDirectories(sandbox.path("repo"))
        try sandbox.git("init -q -b none")
        try sandbox.write(stream, to: sandbox.path("stream"))
        try sandbox.shell("git fast-import --quiet < ../stream")
        let (new, old) = (try sandbox.id("main"), try sandbox.id("main~10"))
        let walk = try CommitWalk(from: [new, old], sandbox.open().git)
        #expect(walk.divergence(of: new, from: old) == Divergence(ahead: 10, behind: 0))
        #expect(walk.reachable.count < 10 + CommitWalk.patience + 10)
    }

    @Test func shallowReplacedAndMissing() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            """
            for i in 1 2 3 4; do git commit -q --allow-empty -m $i; done; git branch old HEAD~3
            git clone -q --depth 2 "file://$PWD" ../shallow
            git -C ../shallow commit -q --allow-empty -m own
            """)
        let shallow = try sandbox.open("shallow")
        let tip = try #require(ObjectID(hex: try sandbox.git("rev-parse HEAD", in: sandbox.path("shallow"))))
        let below = try #require(ObjectID(hex: try sandbox.git("rev-parse HEAD~2", in: sandbox.path("shallow"))))
        #expect(
            try CommitWalk(from: [tip, below], shallow.git).divergence(of: tip, from: below)
                == Divergence(ahead: 2, behind: 0))
        // HEAD now comes right after `old`.
        try sandbox.shell("git replace --graft HEAD old")
        let (head, old) = (try sandbox.id("HEAD"), try sandbox.id("old"))
        #expect(
            try CommitWalk(from: [head, old], sandbox.open().git).divergence(of: head, from: old)
                == Divergence(ahead: 1, behind: 0))
        let missing = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        #expect(gitError { _ = try CommitWalk(from: [head, missing], sandbox.open().git) } != nil)
    }
}
