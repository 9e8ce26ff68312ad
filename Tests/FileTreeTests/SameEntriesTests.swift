import FileTree
import SystemPackage
import Testing

struct SameEntriesTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.sh("mkdir a b; (cd a; mkdir d; touch .hidden f g; ln -s f l)")
    }

    private func areSame() throws -> Bool { try Directory(scratch("a")).hasSameEntries(as: Directory(scratch("b"))) }

    /// Names and kinds count, in any order; what is in them does not.
    @Test func namesAndKinds() throws {
        #expect(try !areSame())
        try scratch.sh("cd b; ln -s elsewhere l; echo text > g; touch .hidden f; mkdir -p d/e")
        #expect(try areSame())
        try scratch.sh("touch b/h")
        #expect(try !areSame())
        try scratch.sh("mv b/h a/h")
        #expect(try !areSame())
        try scratch.sh("rm a/h; rm b/f; mkdir b/f")
        #expect(try !areSame())
        try scratch.sh("rmdir b/f; touch b/ff")
        #expect(try !areSame())
        try scratch.sh("mv b/ff b/f")
        #expect(try areSame())
    }

    /// More than one read of a directory, in an order that the file system chooses.
    @Test func manyNames() throws {
        try scratch.sh("for i in $(seq 3000); do echo name-$i; done > names; (cd a; xargs touch < ../names)")
        try scratch.sh("cp -P a/.hidden a/f a/g a/l b; mkdir b/d; (cd b; sort -R ../names | xargs touch)")
        #expect(try areSame())
        try scratch.sh("mv b/name-1500 b/name-x")
        #expect(try !areSame())
    }
}
