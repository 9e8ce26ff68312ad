/// The patterns of a `.worktreeinclude`, in the syntax of gitignore(5): a file is selected where git would take it for
/// ignored if these were the only patterns that it knew.
///
/// In directories that git ignores as a whole (`node_modules/`), patterns are looked for that lead there, and no others:
/// `.env` is a file of one's own beside one's own sources, and somebody else's in there. So Claude Code has it, which the
/// name of the file comes from (code.claude.com/docs/en/worktrees, "Copy gitignored files into worktrees").
public struct IncludePatterns: Sendable {
    private let rules: IgnoreRules

    /// Reads the text of the file. Throws `GitError` (`invalidName`) for a pattern of which it is not worked out here what
    /// git makes of it: a backslash, `a**b`, a named class such as `[[:digit:]]`.
    public init(_ text: [UInt8]) throws(GitError) {
        rules = IgnoreRules(text)
        for (number, line) in text.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            guard let pattern = IgnoreRules(Array(line)).patterns.first, case .unclear = pattern.form else { continue }
            throw GitError(.invalidName, "line \(number + 1), '\(line.trimmed)', is not understood")
        }
    }

    private init(_ rules: IgnoreRules) { self.rules = rules }

    /// Whether there is nothing that could select a file.
    public var isEmpty: Bool { rules.patterns.allSatisfy(\.isNegative) }

    /// Whether `path`, seen from the root of the worktree, is selected, by itself or with a directory above it.
    public func select(_ path: [UInt8], isDirectory: Bool) -> Bool {
        for (position, byte) in path.enumerated() where byte == UInt8(ascii: "/") {
            if verdict(path[..<position], isDirectory: true) == true { return true }
        }
        return verdict(path[...], isDirectory: isDirectory) == true
    }

    private func verdict(_ path: ArraySlice<UInt8>, isDirectory: Bool) -> Bool? {
        let name = path[((path.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex - 1) + 1)...]
        // No pattern throws: the unclear ones were refused.
        return try? rules.verdict(path, name: name, isDirectory: isDirectory)
    }

    /// The patterns that count in the directory `path`, which git ignores as a whole and which is not selected itself; nil
    /// when none leads there.
    public func leading(into path: [UInt8]) -> IncludePatterns? {
        let those = rules.patterns.filter { $0.isNegative || $0.leads(into: path[...]) }
        return those.allSatisfy(\.isNegative) ? nil : IncludePatterns(IgnoreRules(those))
    }
}

extension IgnorePattern {
    /// Whether the pattern names the directory `path`, or those above it, on its way to something farther down. One that
    /// may start anywhere (`**/.idea/*.xml`) has to name at least the last of them.
    fileprivate func leads(into path: ArraySlice<UInt8>) -> Bool {
        guard case .path(let components) = form else { return false }
        let names = path.split(separator: UInt8(ascii: "/"))[...]
        let named = components.drop { if case .anyDepth = $0 { true } else { false } }
        if named.count == components.count { return Self.leads(named, names) }
        return !named.isEmpty && names.indices.contains { Self.leads(named, names[$0...]) }
    }

    private static func leads(_ components: ArraySlice<Component>, _ names: ArraySlice<ArraySlice<UInt8>>) -> Bool {
        guard let first = components.first else { return false }
        guard let name = names.first else { return true }
        switch first {
        case .anyDepth: return true
        case .glob(let glob): return glob.matches(name) && leads(components.dropFirst(), names.dropFirst())
        }
    }
}

extension ArraySlice<UInt8> {
    /// As text for a message, without white space around.
    fileprivate var trimmed: String { Array(drop { $0.isSpace }).trimmedEnd.text }
}
