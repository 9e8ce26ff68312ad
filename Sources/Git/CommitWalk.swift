/// The part of a history in which some commits differ: all that is reachable from one of them, as far as it is not
/// reachable from every one. Tells how far any two of them are apart, from one `git rev-list` for all, which is stopped
/// as soon as nothing new can come.
///
/// git walks by date. Where a commit is dated before its ancestors, one that was met can turn out later to be reachable
/// from more; that is set right as long as it comes within `patience` commits after the end. git itself goes on for five
/// (limit_list, revision.c).
public struct CommitWalk: Sendable {
    /// A history of more commits than this is not kept.
    static let limit = 500_000
    static let patience = 200

    let tips: [ObjectID: Int]
    var sets: CommitSets
    private let full: Int32
    private var positions: [ObjectID: Int32] = [:]
    private var ids: [ObjectID] = []
    /// From which tips each commit is reachable.
    private(set) var reachable: [Int32] = []
    /// Nil for a commit that was met as a parent only.
    private(set) var parents: [[Int32]?] = []
    /// Commits that were met as a parent only and are not reachable from every tip.
    private var open = 0
    /// How many commits there are of each set.
    private var counts: [Int] = []

    /// Walks from `tips`. Throws `GitError` when git fails, for want of an object for example, and when the history is
    /// too large.
    public init(from tips: Set<ObjectID>, _ git: GitCommand) throws(GitError) {
        let sorted = tips.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        self.tips = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
        sets = CommitSets(memberCount: sorted.count)
        full = sets.set(sorted.indices)
        for (number, tip) in sorted.enumerated() { add(sets.set([number]), to: position(of: tip)) }
        if tips.count > 1 { try read(sorted, git) }
        counts = [Int](repeating: 0, count: sets.count)
        for set in reachable { counts[Int(set)] += 1 }
    }

    private mutating func read(_ tips: [ObjectID], _ git: GitCommand) throws(GitError) {
        var rest: [UInt8] = []
        var after = 0
        let status = try git.run(["rev-list", "--parents"] + tips.map(\.description)) { bytes in
            rest.append(contentsOf: bytes)
            var start = 0
            while after < Self.patience, let end = rest[start...].firstIndex(of: 0x0a) {
                append(rest[start..<end])
                after = open == 0 ? after + 1 : 0
                start = end + 1
            }
            rest.removeFirst(start)
            return after < Self.patience && ids.count <= Self.limit
        }
        guard ids.count <= Self.limit else { throw GitError(.other, "the history is too long to be kept") }
        guard status == nil || status == 0 else {
            throw GitError(.command(status: status ?? 0), "git rev-list cannot walk the history")
        }
    }

    /// Takes a line of `git rev-list --parents`: a commit and its parents.
    private mutating func append(_ line: ArraySlice<UInt8>) {
        let found = line.split(separator: 0x20).compactMap { ObjectID(hexDigits: $0) }
        guard let first = found.first else { return }
        let commit = position(of: first)
        let above = found.dropFirst().map { position(of: $0) }
        if parents[Int(commit)] == nil, reachable[Int(commit)] != full { open -= 1 }
        parents[Int(commit)] = above
        for parent in above { add(reachable[Int(commit)], to: parent) }
    }

    private mutating func position(of id: ObjectID) -> Int32 {
        if let position = positions[id] { return position }
        let position = Int32(ids.count)
        positions[id] = position
        ids.append(id)
        reachable.append(CommitSets.empty)
        parents.append(nil)
        open += 1
        return position
    }

    /// Notes that a commit, and all that is known to be above it, is reachable from the tips in `set`.
    private mutating func add(_ set: Int32, to commit: Int32) {
        var waiting = [commit]
        while let next = waiting.popLast() {
            let before = reachable[Int(next)]
            let now = sets.union(before, set)
            guard now != before else { continue }
            reachable[Int(next)] = now
            if let above = parents[Int(next)] {
                waiting += above
            } else if now == full {
                open -= 1
            }
        }
    }

    /// How far two of the tips are apart; nil for a commit that is none of them.
    public func divergence(of commit: ObjectID, from other: ObjectID) -> Divergence? {
        guard let mine = tips[commit], let theirs = tips[other] else { return nil }
        var result = Divergence()
        for (set, count) in counts.enumerated() {
            switch (sets.contains(mine, in: Int32(set)), sets.contains(theirs, in: Int32(set))) {
            case (true, false): result.ahead += count
            case (false, true): result.behind += count
            default: break
            }
        }
        return result
    }

    /// The best common ancestors of some of the tips: all of them, and perhaps one too many where the walk has ended
    /// before it could show that it is an ancestor of another one.
    public func commonAncestors(of commits: [ObjectID]) -> [ObjectID] {
        let members = commits.compactMap { tips[$0] }
        let isCommon = (0..<sets.count).map { set in members.allSatisfy { sets.contains($0, in: Int32(set)) } }
        var isBest = reachable.map { isCommon[Int($0)] }
        for (commit, above) in parents.enumerated() where isCommon[Int(reachable[commit])] {
            for parent in above ?? [] { isBest[Int(parent)] = false }
        }
        return ids.indices.filter { isBest[$0] }.map { ids[$0] }
    }

    /// The commits that one tip has and another has not.
    public func commits(of commit: ObjectID, notOf other: ObjectID) -> [ObjectID] {
        guard let mine = tips[commit], let theirs = tips[other] else { return [] }
        return ids.indices.filter { position in
            let set = reachable[position]
            return sets.contains(mine, in: set) && !sets.contains(theirs, in: set)
        }.map { ids[$0] }
    }

    /// Whether the commit was met, and has more than one parent.
    public func isMerge(_ commit: ObjectID) -> Bool {
        guard let position = positions[commit], let above = parents[Int(position)] else { return false }
        return above.count > 1
    }
}
