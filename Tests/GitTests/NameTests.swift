import FileTree
import SystemPackage
import Testing

@testable import Git

@Suite struct NameTests {
    static let branchNames = [
        "main", "feature/x", "@", "HEAD", "-x", "a.lock", "a.lock/b", "x@{", "@{1}", "a..b", ".a", "a/.b", "a/", "/a",
        "a//b", "a b", "é", "refs/heads/x", "", "a@", "@a", "{", "a.", "a/b.", "a~1", "a^", "a:b", "a?", "a*", "a[b",
        "a\\b", "a\u{7f}", "a\tb", "HEAD/x", "lock", ".lock", "a.locked", "a/-b", "a{b}", "日本",
        "a@{\u{301}b", "a..\u{301}b", "a/\u{301}b", "a.\u{301}",
    ]

    @Test(arguments: branchNames) func branchNamesAreJudgedAsByGit(_ name: String) throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.git(
            ["check-ref-format", "--branch", name], in: sandbox.root, accepting: [0, 1, 128])
        #expect(isValidBranchName(name) == (outcome == name && !name.isEmpty))
    }

    /// git chooses a name by itself; the worktree's `.git` shows which.
    @Test(arguments: [
        "plain", "a.", ".x", "x.lock", "x.lock.lock", "a b", "a..b", "a@{b", "a~b^:?*[\\c", ".lock", "...", "x..", "-x",
        "é", "a\tb", "a.lock.", "@{", "..lock", "a...b", "{",
    ])
    func administrativeNamesAreThoseOfGit(_ name: String) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let path = sandbox.path("trees").appending(name)
        try sandbox.git(["worktree", "add", "-q", "--detach", "--no-checkout", "--", path.string])
        let target = try #require(gitFileTarget(path.appending(".git")))
        #expect(administrativeName(for: path) == target.lastComponent?.bytes)
    }

    @Test func aNameThatGitCannotMakeIsMadeSafe() {
        #expect(administrativeName(for: "/a/@") == Array("-".utf8))
        #expect(administrativeName(for: "/a/.lock.lock") == Array("-lock".utf8))
    }

    @Test func objectIDsKeepTheirBytes() throws {
        let text = "0123456789abcdef0123456789abcdef01234567"
        let id = try #require(ObjectID(hex: text))
        #expect(id.description == text)
        #expect(ObjectID(bytes: id.bytes) == id)
        #expect(ObjectID(hex: text.uppercased()) == id)
        #expect(ObjectID(id.native) == id)
        let long = try #require(ObjectID(hex: text + "89abcdef0123456789abcdef"))
        #expect(long.description == text + "89abcdef0123456789abcdef")
        #expect(long != id)
        #expect(ObjectID.zero.isZero)
        #expect(ObjectID(hex: "0123") == nil)
        #expect(ObjectID(hex: String(text.dropLast()) + "g") == nil)
    }

    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000])
    func sumsAreThoseOfSha1sum(_ count: Int) throws {
        let sandbox = try Sandbox()
        let text = String(repeating: "x", count: count)
        try sandbox.write(text, to: sandbox.path("file"))
        let expected = try sandbox.shell("sha1sum < file", in: sandbox.root).prefix(40)
        #expect(ObjectID(bytes: SHA1.sum(of: Array(text.utf8)))?.description == String(expected))
    }
}
