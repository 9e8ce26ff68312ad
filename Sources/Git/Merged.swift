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
    /// Patches are compared by their text with the context around each change, line numbers left out, as `git cherry`
    /// does it, but white space counts here. A merge commit on the way may have changes of its own, so that only the
    /// whole counts then. Histories with no or several merge bases prove nothing. Throws `GitError`.
    public func merged(_ commit: ObjectID, into target: ObjectID) throws(GitError) -> Merged? {
        if try isAncestor(commit, of: target) { return .ancestor }
        let trees = try run(["rev-parse", "\(commit)^{tree}", "\(target)^{tree}"]).text.split(separator: "\n")
        if trees.count == 2, trees[0] == trees[1] { return .sameTree }
        let bases = try run(
            ["merge-base", "--all", commit.description, target.description], accepting: [0, 1]
        ).text.split(separator: "\n")
        guard bases.count == 1, let base = ObjectID(hex: String(bases[0])) else { return nil }
        // Nothing has come to the target since.
        guard base != target else { return nil }
        return try mergedPatches(commit, target, base)
    }

    private func mergedPatches(
        _ commit: ObjectID, _ target: ObjectID, _ base: ObjectID
    ) throws(GitError) -> Merged? {
        let changed = try run(["diff-tree", "-r", "-z", "--name-only", "--no-renames", "\(base)", "\(commit)"])
        let names = changed.output.split(separator: 0)
        // Nothing came of it in the end: what was tried on the way is nowhere else.
        guard !names.isEmpty else { return nil }
        // Paths that are not UTF-8 cannot be arguments, and thousands of them are too many.
        let paths = names.compactMap { String(validating: $0, as: UTF8.self) }
        let limits = paths.count == names.count && paths.count <= 500 ? ["--"] + paths : []
        let theirs = Set(try patches("\(base)..\(target)", limits).map(\.sum))
        let whole = PatchText(try run(["diff"] + Self.patchOptions + ["\(base)", "\(commit)"]).output)
        if theirs.contains(whole.sum) { return .squashed }
        let merges = try run(["rev-list", "--count", "--merges", "\(base)..\(commit)"]).text
        guard merges.hasPrefix("0") else { return nil }
        let ours = try patches("\(base)..\(commit)", [])
        let isAll = !ours.isEmpty && ours.allSatisfy { !$0.isEmpty && theirs.contains($0.sum) }
        return isAll ? .patches : nil
    }

    /// The patches of all commits of a range but merges.
    private func patches(_ range: String, _ paths: [String]) throws(GitError) -> [PatchText] {
        let arguments = ["--literal-pathspecs", "log", "--no-merges", "--no-show-signature", "--format=%x00%H"]
        return PatchText.all(in: try run(arguments + Self.patchOptions + [range] + paths).output)
    }

    /// Whatever is configured for the eye must not change the text.
    private static let patchOptions = [
        "--patch", "--unified=3", "--inter-hunk-context=0", "--no-renames", "--full-index", "--no-ext-diff",
        "--no-textconv", "--no-color", "--no-color-moved", "--submodule=short", "--ignore-submodules=none",
        "--diff-algorithm=myers", "--no-indent-heuristic", "--src-prefix=a/", "--dst-prefix=b/", "-O/dev/null",
    ]
}
