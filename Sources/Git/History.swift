import SystemPackage

/// Questions about history, all answered by the `git` executable: libgit2 reads neither its commit-graph nor
/// replacements nor shallow boundaries, and counts wrongly under clock skew.
extension GitCommand {
    /// Whether `ancestor` is `descendant` or one of its ancestors. Throws `GitError`.
    public func isAncestor(_ ancestor: ObjectID, of descendant: ObjectID) throws(GitError) -> Bool {
        let arguments = ["merge-base", "--is-ancestor", ancestor.description, descendant.description]
        return try run(arguments, accepting: [0, 1]).status == 0
    }

    /// How many commits are reachable from `commit` and from no reference of the repository (branches, tags, remote
    /// branches, the stash), without those in `excluding`, which are full names. No worktree's `HEAD` counts, nor the
    /// references that a worktree has for itself: this tells what is lost when one goes. Throws `GitError`.
    public func countOfUnreferencedCommits(
        from commit: ObjectID, excluding: [String] = []
    ) throws(GitError) -> Int {
        // is_per_worktree_ref, refs.c.
        let ownReferences = ["refs/bisect/*", "refs/worktree/*", "refs/rewritten/*"]
        let exclusions = (ownReferences + excluding.map(\.escapedForGlob)).map { "--exclude=\($0)" }
        let outcome = try run(
            ["rev-list", "--count", commit.description, "--not"] + exclusions + ["--glob=refs/*"])
        guard let count = Int(outcome.output.trimmedEnd.text) else {
            throw GitError(.other, "the answer of git rev-list was not understood")
        }
        return count
    }

    /// Whether some reference of the repository leads to `commit`, not counting `excluding` (full names) nor any
    /// worktree's `HEAD`. Throws `GitError`.
    public func isReferenced(_ commit: ObjectID, excluding: [String] = []) throws(GitError) -> Bool {
        try countOfUnreferencedCommits(from: commit, excluding: excluding) == 0
    }

    /// How far `commit` is from `other`; `CommitWalk` for many. Throws `GitError`.
    public func divergence(of commit: ObjectID, from other: ObjectID) throws(GitError) -> Divergence {
        let outcome = try run(["rev-list", "--left-right", "--count", "\(commit)...\(other)"])
        let numbers = outcome.text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard numbers.count == 2 else { throw GitError(.other, "the answer of git rev-list was not understood") }
        return Divergence(ahead: numbers[0], behind: numbers[1])
    }
}

extension String {
    /// With the characters of a pattern made literal (wildmatch.c).
    fileprivate var escapedForGlob: String {
        // Not by characters: a mark that joins one would hide it.
        String(
            unicodeScalars.reduce(into: UnicodeScalarView()) { text, scalar in
                if "*?[\\".unicodeScalars.contains(scalar) { text.append("\\") }
                text.append(scalar)
            })
    }
}
