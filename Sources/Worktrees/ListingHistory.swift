import FileTree
import Git

/// Finds out how the commits of a listing stand to their upstreams and to the default branch: one walk of the history
/// for all of them, then one look at the files that were changed, and a comparison of patches for what is left.
struct ListingHistory: Sendable {
    let work: ListingWork
    let board: ListingBoard
    let queue: JobQueue

    /// Something in the listing that has a history.
    private struct Subject: Sendable {
        let commit: ObjectID
        let upstream: ObjectID?
        let isCompared: Bool
        let path: WritableKeyPath<Listing, Listing.History> & Sendable
    }

    /// How many commits are walked together.
    private static let portion = 500

    func run() {
        var subjects: [Subject] = []
        func add(
            _ commit: ObjectID?, _ history: Listing.History,
            _ path: WritableKeyPath<Listing, Listing.History> & Sendable
        ) {
            guard let commit, history.fromUpstream.isPending || history.fromDefault.isPending else { return }
            subjects.append(
                Subject(
                    commit: commit, upstream: history.upstream?.commit, isCompared: history.fromDefault.isPending,
                    path: path))
        }
        for (position, row) in work.beginning.rows.enumerated() {
            add(row.worktree.head.commit, row.history, \.rows[position].history)
        }
        for (position, branch) in work.beginning.branches.enumerated() {
            add(branch.commit, branch.history, \.branches[position].history)
        }
        for start in stride(from: 0, to: subjects.count, by: Self.portion) {
            compare(Array(subjects[start..<min(start + Self.portion, subjects.count)]))
        }
    }

    private func compare(_ subjects: [Subject]) {
        let targets = subjects.contains(where: \.isCompared) ? work.targets.targets : []
        let tips = Set(subjects.map(\.commit) + subjects.compactMap(\.upstream) + targets.map(\.commit))
        let walk = try? CommitWalk(from: tips, work.git)
        var rest: [Subject] = []
        for subject in subjects {
            let fromUpstream = subject.upstream.flatMap { divergence(of: subject.commit, from: $0, walk) }
            let fromTargets = (subject.isCompared ? targets : []).map { target in
                (target: target, divergence: divergence(of: subject.commit, from: target.commit, walk))
            }
            board.change {
                $0[keyPath: subject.path].fromUpstream = .known(fromUpstream)
                $0[keyPath: subject.path].fromDefault = .known(fromTargets.first?.divergence)
            }
            guard subject.isCompared else { continue }
            if let target = fromTargets.first(where: { $0.divergence?.ahead == 0 })?.target {
                set(Listing.MergedInto(target: target.name, how: .ancestor), subject)
            } else {
                rest.append(subject)
            }
        }
        findMerged(rest, targets, walk)
    }

    /// Nil where git cannot say. Where one walk for all is not possible (an object is missing, say), each is asked for by
    /// itself.
    private func divergence(of commit: ObjectID, from other: ObjectID, _ walk: CommitWalk?) -> Divergence? {
        if let divergence = walk?.divergence(of: commit, from: other) { return divergence }
        return try? work.git.divergence(of: commit, from: other)
    }

    /// For those that are no ancestor of any target.
    private func findMerged(_ subjects: [Subject], _ targets: [MergeTargets.Target], _ walk: CommitWalk?) {
        let commits = Array(Set(subjects.map(\.commit)))
        let candidates = targets.map { target -> Set<ObjectID> in
            (try? walk?.mergeCandidates(among: commits, for: target.commit, work.git)) ?? Set(commits)
        }
        for subject in subjects {
            let likely = zip(targets, candidates).filter { $1.contains(subject.commit) }.map(\.0)
            if likely.isEmpty {
                set(nil, subject)
            } else {
                queue.add { compareByPatches(subject, likely) }
            }
        }
    }

    private func compareByPatches(_ subject: Subject, _ targets: [MergeTargets.Target]) {
        for target in targets {
            if let how = try? work.git.merged(subject.commit, into: target.commit) {
                return set(Listing.MergedInto(target: target.name, how: how), subject)
            }
        }
        set(nil, subject)
    }

    private func set(_ merged: Listing.MergedInto?, _ subject: Subject) {
        board.change { $0[keyPath: subject.path].merged = .known(merged) }
    }
}
