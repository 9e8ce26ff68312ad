extension CommitWalk {
    /// Those of `commits` of which it takes a closer look (`GitCommand.merged`) whether all their work is in `target`, of
    /// which none is an ancestor. All are tips of this walk.
    ///
    /// One `git log` for all of them tells which files each commit of either side changes. For work that was squashed,
    /// the target has a commit that changes all files that differ in the end; for work that was picked or rebased it has,
    /// for each commit of the work, one that changes the files of that. What has neither, nor the same tree, is not
    /// merged. Throws `GitError`.
    public func mergeCandidates(
        among commits: [ObjectID], for target: ObjectID, _ git: GitCommand
    ) throws(GitError) -> Set<ObjectID> {
        guard !commits.isEmpty else { return [] }
        let changes = try ChangedFiles(of: commits + [target], notOf: commonAncestors(of: commits + [target]), git)
        return Set(commits.filter { mayBeMerged($0, into: target, changes) })
    }

    private func mayBeMerged(_ commit: ObjectID, into target: ObjectID, _ changes: ChangedFiles) -> Bool {
        guard let tree = changes.trees[commit], let other = changes.trees[target], tree != other else { return true }
        let ours = commits(of: commit, notOf: target)
        let theirs = commits(of: target, notOf: commit).filter { !isMerge($0) }
        guard !theirs.isEmpty else { return false }
        // A merge on the way may have changes of its own.
        if ours.contains(where: isMerge) { return true }
        let (mine, others) = (ours.map { changes.of[$0] }, theirs.map { changes.of[$0] })
        // What git did not show cannot rule anything out.
        guard mine.allSatisfy({ $0 != nil }), others.allSatisfy({ $0 != nil }) else { return true }
        let known = Set(others.map { Set(($0 ?? []).map(\.path)) })
        func isKnown(_ files: Set<Int>) -> Bool { !files.isEmpty && known.contains { $0.isSuperset(of: files) } }
        return isKnown(ChangedFiles.total(of: mine.flatMap { $0 ?? [] }))
            || mine.allSatisfy { isKnown(Set(($0 ?? []).map(\.path))) }
    }
}

/// Which files each commit of a range changes.
private struct ChangedFiles {
    /// One file that a commit changes.
    struct Change {
        /// A number that stands for the path.
        let path: Int
        /// Mode and blob.
        let before: [UInt8]
        let after: [UInt8]
    }

    private(set) var trees: [ObjectID: ObjectID] = [:]
    /// None for a merge.
    private(set) var of: [ObjectID: [Change]] = [:]
    private var numbers: [ArraySlice<UInt8>: Int] = [:]

    init(of tips: [ObjectID], notOf ends: [ObjectID], _ git: GitCommand) throws(GitError) {
        // Whatever is configured for the eye must not change the answer. Quoted paths have no line ends.
        let output = try git.run(
            [
                "-c", "core.quotePath=true", "-c", "log.showRoot=true", "log", "--boundary", "--raw", "--no-abbrev",
                "--no-renames", "--no-relative", "--diff-merges=off", "--ignore-submodules=none",
                "--no-show-signature", "--no-color", "--format=%x00%H %T",
            ] + tips.map(\.description) + ["--not"] + ends.map(\.description)
        ).output
        for record in output.split(separator: 0) {
            let lines = record.split(separator: 0x0a)
            let ids = lines.first?.split(separator: 0x20).compactMap { ObjectID(hexDigits: $0) } ?? []
            guard ids.count == 2 else { continue }
            trees[ids[0]] = ids[1]
            of[ids[0]] = lines.dropFirst().compactMap { change($0) }
        }
    }

    /// `:<mode> <mode> <blob> <blob> <letter> TAB <path>` (git-diff-tree(1)).
    private mutating func change(_ line: ArraySlice<UInt8>) -> Change? {
        let halves = line.dropFirst().split(separator: 0x09, maxSplits: 1)
        guard halves.count == 2 else { return nil }
        let words = halves[0].split(separator: 0x20)
        guard words.count == 5 else { return nil }
        let number = numbers[halves[1]] ?? numbers.count
        numbers[halves[1]] = number
        return Change(
            path: number, before: [words[0], words[2]].flatMap { $0 }, after: [words[1], words[3]].flatMap { $0 })
    }

    /// The files that differ after all changes of a chain of commits, in whatever order they are given: each state of a
    /// file on the way is left as often as it is entered, but for the first and the last.
    static func total(of changes: [Change]) -> Set<Int> {
        var balance: [Int: [[UInt8]: Int]] = [:]
        for change in changes {
            balance[change.path, default: [:]][change.before, default: 0] -= 1
            balance[change.path, default: [:]][change.after, default: 0] += 1
        }
        return Set(balance.filter { $0.value.contains { $0.value != 0 } }.keys)
    }
}
