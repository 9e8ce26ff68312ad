import Testing

@testable import Git

struct IgnorePatternTests {
    private func matches(_ pattern: String, _ path: String) throws -> Bool {
        let pattern = try #require(IgnorePattern(line: Array(pattern.utf8)[...]))
        let bytes = Array(path.utf8)
        let name = bytes.split(separator: UInt8(ascii: "/")).last ?? []
        return try pattern.matches(bytes[...], name: name, isDirectory: false)
    }

    /// If each `**` were tried at each depth, this would not end in anybody's life.
    @Test func manyDepthsInADeepPath() throws {
        let path = Array(repeating: "a", count: 400).joined(separator: "/")
        let pattern = String(repeating: "**/a/", count: 40)
        #expect(try !matches(pattern + "b", path))
        #expect(try matches(pattern + "b", path + "/b"))
        #expect(try matches(pattern + "*", path))
    }

    /// What stands behind the last `**` is looked for at the end, however early it could have matched.
    @Test(arguments: [
        ("**/a", "a/b/a", true), ("**/a/b", "a/a/b", true), ("a/**/b", "a/b", true), ("a/**/b", "a/x/b/y/b", true),
        ("a/**/b", "a/x/b/y", false), ("a/**", "a", false), ("a/**", "a/b/c", true), ("**/a/**/b/c", "a/b/a/b/c", true),
        ("/a/b", "a/b/c", false), ("**/a/*/c", "a/a/b/c", true),
    ])
    func depths(_ pattern: String, _ path: String, _ expected: Bool) throws {
        #expect(try matches(pattern, path) == expected)
    }
}
