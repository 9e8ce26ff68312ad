import CLibGit2

@testable import Git

// What libgit2 says to compare with.

func isValidForLibgit2(_ name: String) -> Bool {
    Libgit2.start()
    var isValid: Int32 = 0
    return git_branch_name_is_valid(&isValid, name) == 0 && isValid != 0
}

func isValidReference(_ name: String) -> Bool {
    Libgit2.start()
    var isValid: Int32 = 0
    return git_reference_name_is_valid(&isValid, name) == 0 && isValid != 0
}

/// A number with k, m or g behind; nil when it is none.
func libgit2Number(_ text: String) -> Int64? {
    Libgit2.start()
    var number: Int64 = 0
    return git_config_parse_int64(&number, text) == 0 ? number : nil
}

func libgit2Bool(_ text: String) -> Bool? {
    Libgit2.start()
    var answer: Int32 = 0
    return git_config_parse_bool(&answer, text) == 0 ? answer != 0 : nil
}

/// Whether a pattern without slashes and backslashes matches a name, as a pathspec; nil for one that would be no pattern,
/// and for one with so many stars that libgit2, which tries every way to share the name among them, would not end.
func wildmatch(_ pattern: [UInt8], _ name: [UInt8]) -> Bool? {
    Libgit2.start()
    // Blanks end a pattern, these in front of it mean something, and a dot alone is any path.
    guard let first = pattern.first, !"!#:".utf8.contains(first), pattern != [0x2e], !name.isEmpty,
        !pattern.contains(where: { $0.isSpace })
    else { return nil }
    var ways = 1
    for _ in pattern.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).dropFirst() {
        ways *= name.count
        if ways > 1_000_000 { return nil }
    }
    var text = pattern.map { CChar(bitPattern: $0) } + [0]
    return text.withUnsafeMutableBufferPointer { text in
        var start: UnsafeMutablePointer<CChar>? = text.baseAddress
        return withUnsafeMutablePointer(to: &start) { strings in
            var list = git_strarray(strings: strings, count: 1)
            var pathspec: OpaquePointer?
            guard git_pathspec_new(&pathspec, &list) == 0 else { return nil }
            defer { git_pathspec_free(pathspec) }
            let flags = UInt32(GIT_PATHSPEC_USE_CASE.rawValue)
            return git_pathspec_matches_path(pathspec, flags, name.map { CChar(bitPattern: $0) } + [0]) == 1
        }
    }
}
