/// Sets of small numbers, each kept once and known by a number of its own: in a history, thousands of commits have the
/// same one.
struct CommitSets: Sendable {
    /// The set without members.
    static let empty: Int32 = 0

    private var sets: [[UInt64]]
    private var known: [[UInt64]: Int32]
    /// Unions that were asked for before.
    private var unions: [Pair: Int32] = [:]

    private struct Pair: Hashable {
        let first: Int32
        let second: Int32
    }

    /// Makes room for the members 0 to `count` - 1.
    init(memberCount count: Int) {
        let none = [UInt64](repeating: 0, count: (count + 63) / 64)
        sets = [none]
        known = [none: Self.empty]
    }

    /// How many different sets there are.
    var count: Int { sets.count }

    mutating func union(_ first: Int32, _ second: Int32) -> Int32 {
        if first == second || second == Self.empty { return first }
        if first == Self.empty { return second }
        let pair = Pair(first: min(first, second), second: max(first, second))
        if let union = unions[pair] { return union }
        let union = number(of: zip(sets[Int(first)], sets[Int(second)]).map { $0 | $1 })
        unions[pair] = union
        return union
    }

    /// The set of `members`.
    mutating func set(_ members: some Sequence<Int>) -> Int32 {
        var words = sets[0]
        for member in members { words[member / 64] |= 1 << UInt64(member % 64) }
        return number(of: words)
    }

    func contains(_ member: Int, in set: Int32) -> Bool {
        sets[Int(set)][member / 64] & 1 << UInt64(member % 64) != 0
    }

    private mutating func number(of words: [UInt64]) -> Int32 {
        if let number = known[words] { return number }
        let number = Int32(sets.count)
        sets.append(words)
        known[words] = number
        return number
    }
}
