import FileTree

/// What is ignored in a directory and all above it, kept up along a walk. Rules farther down weigh more
/// (last_matching_pattern, dir.c).
struct IgnoreStack {
    private struct Level {
        /// Length of the directory's path with the slash behind; 0 for the root.
        let prefix: Int
        let rules: IgnoreRules?
        /// Whether the directory itself is ignored; nil until somebody asks.
        var isIgnored: Bool?
    }

    private let common: [IgnoreRules]
    private var levels: [Level] = []

    /// Starts above the root of a worktree; `common` are the rules for all of them.
    init(_ common: [IgnoreRules]) { self.common = common }

    /// Enters a directory, whose own rules are in `text`. `isIgnored` is nil where nobody has asked yet.
    mutating func push(prefix: Int, ignoreFile text: [UInt8]?, isIgnored: Bool? = nil) {
        let isIgnored = levels.isEmpty ? false : isIgnored
        levels.append(Level(prefix: prefix, rules: text.map { IgnoreRules($0) }, isIgnored: isIgnored))
    }

    /// Leaves it.
    mutating func pop() { levels.removeLast() }

    /// Whether an entry of the directory entered last, which is not tracked, is ignored. Below an ignored directory
    /// everything is. Throws `Unproven`.
    mutating func ignores(_ path: [UInt8], isDirectory: Bool) throws(Unproven) -> Bool {
        if try isIgnored(levels.count - 1, path) { return true }
        return try verdict(path[...], isDirectory: isDirectory, levels.count)
    }

    private mutating func isIgnored(_ level: Int, _ path: [UInt8]) throws(Unproven) -> Bool {
        if let known = levels[level].isIgnored { return known }
        let directory = path[..<(levels[level].prefix - 1)]
        var answer = try isIgnored(level - 1, path)
        if !answer { answer = try verdict(directory, isDirectory: true, level) }
        levels[level].isIgnored = answer
        return answer
    }

    /// The answer of the rules of the first `count` levels.
    private func verdict(_ path: ArraySlice<UInt8>, isDirectory: Bool, _ count: Int) throws(Unproven) -> Bool {
        let name = path[((path.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex - 1) + 1)...]
        for level in levels[..<count].reversed() {
            guard let rules = level.rules else { continue }
            if let answer = try rules.verdict(path[level.prefix...], name: name, isDirectory: isDirectory) {
                return answer
            }
        }
        for rules in common {
            if let answer = try rules.verdict(path, name: name, isDirectory: isDirectory) { return answer }
        }
        return false
    }
}
