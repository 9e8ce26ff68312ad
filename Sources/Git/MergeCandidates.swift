extension CommitWalk {
    /// Those of `commits` of which it takes a closer look (`GitCommand.merged`) whether all their work is in `target`, of
    /// which none is an ancestor. All are tips of this walk.
    ///
    /// One `git log` for all of them tells which files each commit of either side changes. Work that was squashed has
    /// become one commit of the target, which changes no other files than the work does; work that was picked or
    /// rebased has a commit with the same files there for each of its own. What has neither, nor the same tree, is not
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
        let (mine, others) = (ours.map { changes.files[$0] }, theirs.map { changes.files[$0] })
        // What git did not show cannot rule anything out.
        guard mine.allSatisfy({ $0 != nil }), others.allSatisfy({ $0 != nil }) else { return true }
        let all = mine.reduce(into: Set<Int>()) { $0.formUnion($1 ?? []) }
        if others.contains(where: { $0?.isEmpty == false && $0?.isSubset(of: all) == true }) { return true }
        let known = Set(others.compactMap { $0 })
        return mine.allSatisfy { $0.map(known.contains) == true }
    }
}

/// Which files each commit of a range changes.
private struct ChangedFiles {
    private(set) var trees: [ObjectID: ObjectID] = [:]
    /// Numbers that stand for paths; none for a merge.
    private(set) var files: [ObjectID: Set<Int>] = [:]

    init(of tips: [ObjectID], notOf ends: [ObjectID], _ git: GitCommand) throws(GitError) {
        // Whatever is configured for the eye must not change the answer. Quoted paths have no line ends.
        let output = try git.run(
            [
                "-c", "core.quotePath=true", "-c", "log.showRoot=true", "log", "--boundary", "--name-only",
                "--no-renames", "--no-relative", "--diff-merges=off", "--ignore-submodules=none",
                "--no-show-signature", "--no-color", "--format=%x00%H %T",
            ] + tips.map(\.description) + ["--not"] + ends.map(\.description)
        ).output
        var numbers: [ArraySlice<UInt8>: Int] = [:]
        for record in output.split(separator: 0) {
            let lines = record.split(separator: 0x0a)
            let ids = lines.first?.split(separator: 0x20).compactMap { ObjectID(hexDigits: $0) } ?? []
            guard ids.count == 2 else { continue }
            trees[ids[0]] = ids[1]
            files[ids[0]] = Set(
                lines.dropFirst().map { path in
                    let number = numbers[path] ?? numbers.count
                    numbers[path] = number
                    return number
                })
        }
    }
}
