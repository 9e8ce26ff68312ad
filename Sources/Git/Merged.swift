/// Why all the work of a commit counts as being in a branch.
public enum Merged: Hashable, Sendable {
    /// The commit is the branch's own, or one of its ancestors.
    case ancestor
    /// The branch has the very same files.
    case sameTree
    /// Each of its patches is in the branch: it was rebased, or picked, commit by commit.
    case patches
    /// All it changes, taken together, is the patch of one commit of the branch: it was squashed.
    case squashed
}

extension GitCommand {
    /// Why all the work of `commit` is in `target`; nil when it is not, or when that cannot be proven.
    ///
    /// A commit of the target with the same patch (compared as text with the context around each change, without line
    /// numbers) is where the work may have come in. The proof is that merging `commit` into that one changes nothing. A
    /// merge commit on the way may have changes of its own, so that only the whole counts then. Work of which nothing is
    /// left in the end is nowhere else, and histories with no or several merge bases prove nothing. Throws `GitError`.
    public func merged(_ commit: ObjectID, into target: ObjectID) throws(GitError) -> Merged? {
        let bases = try run(
            ["merge-base", "--all", commit.description, target.description], accepting: [0, 1]
        ).text.split(separator: "\n")
        guard bases.count == 1, let base = ObjectID(hex: String(bases[0])) else { return nil }
        if base == commit { return .ancestor }
        // Nothing has come to the target since when it is the base itself.
        if base == target { return nil }
        let trees = try run(
            ["rev-parse", "\(commit)^{tree}", "\(target)^{tree}", "\(base)^{tree}"]
        ).text.split(separator: "\n")
        guard trees.count == 3, trees[0] != trees[2] else { return nil }
        if trees[0] == trees[1] { return .sameTree }
        return try mergedPatches(commit, target, base)
    }

    private func mergedPatches(
        _ commit: ObjectID, _ target: ObjectID, _ base: ObjectID
    ) throws(GitError) -> Merged? {
        let changed = try run(["diff-tree", "-r", "-z", "--name-only", "--no-renames", "\(base)", "\(commit)"])
        let names = changed.output.split(separator: 0)
        // Paths that are not UTF-8 cannot be arguments, and thousands of them are too many.
        let paths = names.compactMap { String(validating: $0, as: UTF8.self) }
        let limits = paths.count == names.count && paths.count <= 500 ? ["--"] + paths : []
        let theirs = try patches("\(base)..\(target)", limits)
        let whole = try run(["diff"] + Self.patchOptions + ["\(base)", "\(commit)"]).output
        let sum = whole.withUnsafeBytes { PatchText($0) }.sum
        if isProven(commit, base, theirs.filter { $0.patch.sum == sum }.map(\.commit)) { return .squashed }
        let merges = try run(["rev-list", "--count", "--merges", "\(base)..\(commit)"]).text
        guard merges.hasPrefix("0") else { return nil }
        let ours = Set(try patches("\(base)..\(commit)", []).map(\.patch.sum))
        let picked = theirs.filter { ours.contains($0.patch.sum) }
        guard ours.isSubset(of: picked.map(\.patch.sum)) else { return nil }
        return isProven(commit, base, picked.map(\.commit)) ? .patches : nil
    }

    /// Whether one of the newest of these commits of the target has all of the work.
    private func isProven(_ commit: ObjectID, _ base: ObjectID, _ candidates: [ObjectID]) -> Bool {
        candidates.prefix(3).contains { changesNothing(commit, mergedInto: $0, base: base) }
    }

    /// The patches of all commits of a range but merges, the newest first.
    private func patches(
        _ range: String, _ paths: [String]
    ) throws(GitError) -> [(commit: ObjectID, patch: PatchText)] {
        let arguments = [
            "--literal-pathspecs", "log", "--topo-order", "--no-merges", "--no-show-signature", "--format=%x00%H",
        ]
        return PatchText.all(in: try run(arguments + Self.patchOptions + [range] + paths).output)
    }

    /// Whatever is configured for the eye must not change the text.
    private static let patchOptions = [
        "--patch", "--unified=3", "--inter-hunk-context=0", "--no-renames", "--full-index", "--no-ext-diff",
        "--no-textconv", "--no-color", "--no-color-moved", "--submodule=short", "--ignore-submodules=none",
        "--diff-algorithm=myers", "--no-indent-heuristic", "--src-prefix=a/", "--dst-prefix=b/", "-O/dev/null",
    ]
}

extension Repository {
    /// The same, and without git where the answer follows from the commits alone. Throws `GitError`.
    public func merged(_ commit: ObjectID, into target: ObjectID) throws(GitError) -> Merged? {
        if isProvenAncestor(commit, of: target) { return .ancestor }
        // Nothing has come to the target since.
        if isProvenAncestor(target, of: commit) { return nil }
        return try git.merged(commit, into: target)
    }
}
