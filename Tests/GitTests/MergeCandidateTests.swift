import SystemPackage
import Testing

@testable import Git

/// Which commits are worth a comparison of patches: never fewer than those that the comparison finds to be merged.
@Suite struct MergeCandidateTests {
    /// Branches from an old `main`, and what became of them; with what the comparison of patches says.
    private let script = """
        git branch start
        b() { git switch -q -c $1 start; }; c() { git add -A; git commit -qm "$1"; }
        b squashed; echo 1 > s; c 1; echo 2 >> s; echo 2 > s2; c 2
        b rebased; echo r1 > r1; c 1; echo r2 > r2; c 2
        b picked; echo p > p; c 1
        b halfpicked; echo h1 > h1; c 1; echo h2 > h2; c 2
        b undone; echo t > t; c 1; git rm -q t; c 2
        b othersamefile; echo other >> a.txt; c 1
        b apart; echo x > apart; c 1; echo y >> apart; c 2
        b merging; echo m > m; c 1; git switch -q -c aside start; echo n > n; c 1
        git switch -q merging; git merge -q --no-edit aside
        b emptied; git commit -q --allow-empty -m nothing
        b modes; chmod +x a.txt; c 1
        b odd; printf x > 'sp ace
        line"quote'; c 1
        git switch -q main; echo theirs >> a.txt; c own
        git merge -q --squash squashed; c squash; git cherry-pick start..rebased picked halfpicked~1 modes odd > /dev/null
        git merge -q --squash merging; c 'squash of a merge'; git branch -f old HEAD~3
        """

    @Test(arguments: ["main", "main~2", "old", "start"]) func noneIsMissed(_ target: String) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(script)
        let git = try sandbox.open().git
        let goal = try sandbox.id(target)
        let commits = try sandbox.open().localBranches().filter { try !git.isAncestor($0.commit, of: goal) }
        let walk = try CommitWalk(from: Set(commits.map(\.commit) + [goal]), git)
        let candidates = try walk.mergeCandidates(among: commits.map(\.commit), for: goal, git)
        var merged: [String: Merged] = [:]
        for (name, commit) in commits {
            merged[name] = try git.merged(commit, into: goal)
            if merged[name] != nil { #expect(candidates.contains(commit), "\(name)") }
        }
        let left = Set(commits.filter { !candidates.contains($0.commit) }.map(\.name))
        if target == "main" {
            #expect(
                merged == [
                    "squashed": .squashed, "rebased": .patches, "picked": .squashed, "modes": .squashed,
                    "odd": .squashed, "merging": .squashed,
                    // A commit that changes more than this.
                    "aside": .squashed,
                ])
            #expect(left.isSuperset(of: ["apart", "halfpicked", "emptied", "undone"]), "\(left)")
        }
        if target == "start" { #expect(left.isSuperset(of: ["apart", "squashed", "merging"]), "\(left)") }
    }
}
