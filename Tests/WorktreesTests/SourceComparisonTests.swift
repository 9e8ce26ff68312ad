import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// A file gets the donor's mtime when its bytes are the donor's, and never otherwise: cargo would take it for compiled.
@Suite struct SourceComparisonTests {
    static let old = FileTime(seconds: 1_577_934_245, nanoseconds: 123_456_789)

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Files that must not get the donor's time; all others must.
        let different: Set<FilePath>
        /// In the donor, after all its files got an old time and its index was refreshed.
        let script: String
        /// In the donor's repository, before that.
        let before: String
        /// In the recipient, or in the repository, before it is made.
        let between: String

        init(
            _ description: String, different: Set<FilePath>, _ script: String, before: String = ":",
            between: String = ":"
        ) {
            testDescription = description
            self.different = different
            self.script = script
            self.before = before
            self.between = between
        }
    }

    private static let touch =
        "find . -path ./.git -prune -o ! -type d -print0 | xargs -0 touch -h -d @1577934245.123456789"

    private static let text: Set<FilePath> = [
        ".gitignore", "Cargo.toml", "a.txt", "src/lib.rs", "src/deep/b.rs", "run.sh",
    ]

    static let rows = [
        Row("nothing changed", different: [], ":"),
        Row("touched", different: [], "touch a.txt run.sh"),
        Row(
            "touched, and in the index's own second", different: [],
            "touch a.txt; git update-index --refresh; touch -r .git/index a.txt"),
        Row("rewritten with the same bytes", different: [], "cp a.txt b; mv b a.txt"),
        Row("modified", different: ["a.txt"], "echo x >> a.txt"),
        Row(
            "modified, same size and time", different: ["a.txt"],
            "printf 'ONE\\ntwo\\nthree\\n' > a.txt; touch -d @1577934245.123456789 a.txt"),
        Row(
            "modified, same size, racy", different: ["a.txt"],
            "git update-index --refresh; printf 'ONE\\ntwo\\nthree\\n' > a.txt; touch -r .git/index a.txt"),
        Row("staged", different: ["a.txt"], "echo x >> a.txt; git add a.txt"),
        Row(
            "staged, and put back in the file", different: ["a.txt"],
            "cp a.txt b; echo x >> a.txt; git add a.txt; mv b a.txt"),
        Row("removed from the index, still there", different: ["a.txt"], "git rm -q --cached a.txt"),
        Row("deleted", different: ["a.txt"], "rm a.txt"),
        Row("assumed unchanged, and not", different: [], "git update-index --assume-unchanged a.txt"),
        Row(
            "assumed unchanged, modified", different: ["a.txt"],
            "git update-index --assume-unchanged a.txt; echo x >> a.txt"),
        Row("left out by a sparse checkout", different: ["a.txt"], "git update-index --skip-worktree a.txt; rm a.txt"),
        Row(
            "left out, and there with other bytes", different: ["a.txt"],
            "git update-index --skip-worktree a.txt; echo x > a.txt"),
        Row("added by intent", different: ["a.txt"], "git rm -q --cached a.txt; git add -N a.txt"),
        Row("executable now", different: ["a.txt"], "chmod +x a.txt"),
        Row("not executable now", different: ["run.sh"], "chmod -x run.sh"),
        Row("a symlink in the place of a file", different: ["a.txt"], "cp a.txt b.ignored; ln -sf b.ignored a.txt"),
        Row(
            "a file in the place of a symlink", different: ["link"],
            "cp src/lib.rs b; rm link; mv b link; touch -d @1577934245.123456789 link"),
        Row(
            "a symlink to elsewhere", different: ["link"], "ln -sfn a.txt link; touch -h -d @1577934245.123456789 link"),
        Row("a directory in the place of a file", different: ["a.txt"], "rm a.txt; mkdir a.txt"),
        Row(
            "a directory that leads elsewhere, to other bytes", different: ["src/deep/b.rs"],
            "mkdir x.ignored; echo '// B' > x.ignored/b.rs; rm -r src/deep; ln -s ../x.ignored src/deep"),
        Row("a FIFO in the place of a file", different: ["a.txt"], "rm a.txt; mkfifo a.txt"),
        Row("in conflict", different: ["a.txt"], "git update-index --index-info", before: ":"),
        Row("another commit", different: ["a.txt"], "echo x > a.txt; git commit -qam other"),
        Row(
            "CR LF in the donor", different: text, ":",
            before: "git config core.autocrlf true; git ls-files -z | xargs -0 rm; git checkout -q -- .",
            between: "git config core.autocrlf false"),
        Row(
            "CR LF in the recipient", different: text, ":",
            between: "git config core.autocrlf true"),
        Row(
            "CR LF in both", different: [], ":",
            before: "git config core.autocrlf true; git ls-files -z | xargs -0 rm; git checkout -q -- ."),
        Row(
            "a filter that the donor had", different: ["src/lib.rs", "src/deep/b.rs"], ":",
            before: """
                git config filter.up.smudge 'tr a-z A-Z'; git config filter.up.clean 'tr A-Z a-z'
                echo '*.rs filter=up' > .git/info/attributes; rm -r src; git checkout -q -- .
                """, between: "rm .git/info/attributes"),
        Row(
            "a filter that the recipient has", different: ["src/lib.rs", "src/deep/b.rs"], ":",
            between: """
                git config filter.up.smudge 'tr a-z A-Z'; git config filter.up.clean 'tr A-Z a-z'
                echo '*.rs filter=up' > .git/info/attributes
                """),
    ]

    /// The donor is the main worktree, made to look built; the recipient is what `wt new` makes, natively or by git.
    @Test(arguments: rows, [false, true])
    func onlyEqualBytesGetTheDonorsTime(_ row: Row, _ byGit: Bool) throws {
        let sandbox = try Sandbox()
        try sandbox.sh("echo '[workspace]' > Cargo.toml; git add .; git commit -qm manifest")
        try sandbox.sh("mkdir -p target/debug/.fingerprint target/debug/deps")
        if byGit { try sandbox.makeObstacle() }
        try sandbox.sh(row.before)
        try sandbox.sh("\(Self.touch); git update-index -q --refresh")
        let wanted = try sandbox.repository.git("rev-parse", "HEAD")
        if row.testDescription == "in conflict" {
            try sandbox.sh(
                """
                id=$(git rev-parse HEAD:a.txt); git rm -q --cached a.txt
                for s in 1 2 3; do printf '100644 %s %s\\ta.txt\\n' $id $s; done | git update-index --index-info
                """
            )
        } else {
            try sandbox.sh(row.script)
        }
        try sandbox.sh(row.between)
        let donor = try sandbox.snapshot()

        let result = try sandbox.new(NewOptions("new", at: wanted, path: "../new"))
        #expect(result.donors == [sandbox.repository.path])
        if byGit { #expect(!result.obstacles.isEmpty) }
        let index = try #require(try worktreeIndex(sandbox))
        #expect(index.count == 8)
        for entry in index {
            let theirs = FileStatus.ifPresent(sandbox.repository.path.pushing(entry.path))
            let ours = try FileStatus(result.path.pushing(entry.path))
            #expect((ours.mtime == theirs?.mtime) == !row.different.contains(entry.path), "\(entry.path)")
            // The index knows the final times, so that nothing is read again.
            // git itself leaves another time of the same second as it is.
            if result.obstacles.isEmpty { #expect(entry.matches(ours), "\(entry.path)") }
            #expect(entry.mtime.seconds == ours.mtime.seconds, "\(entry.path)")
        }
        #expect(try sandbox.repository.git("status", "--porcelain", in: result.path) == "")
        // The donor's files are as they were.
        let names = donor.entries.keys.filter { $0.hasPrefix("repository/") && !$0.hasPrefix("repository/.git") }
        let after = try sandbox.snapshot()
        for name in names { #expect(after.entries[name] == donor.entries[name], "\(name)") }
    }

    private func worktreeIndex(_ sandbox: Sandbox) throws -> IndexFile? {
        let repository = try sandbox.open()
        let record = try repository.location.worktrees().first { $0.head.branch == "new" }
        return try record.map { record in try repository.index(of: record) }
    }

    /// With all files older than the index, `git status` has no reason to write it again.
    @Test func gitStatusDoesNotRewriteTheIndex() throws {
        let sandbox = try Sandbox()
        try sandbox.sh("echo '[workspace]' > Cargo.toml; git add .; git commit -qm manifest")
        try sandbox.sh("mkdir -p target/debug/.fingerprint; \(Self.touch); git update-index -q --refresh")
        let linked = try sandbox.new(NewOptions("new")).path
        let index = try FilePath(sandbox.repository.git("rev-parse", "--git-dir", in: linked)).appending("index")
        let before = try FileStatus(index)
        #expect(try sandbox.repository.git("status", "--porcelain", in: linked) == "")
        let after = try FileStatus(index)
        #expect(after.inode == before.inode)
        #expect(after.mtime == before.mtime)
        // The proof that it would show: a racy entry makes git write the index anew.
        try sandbox.sh("touch -r \(index) a.txt", in: linked)
        try sandbox.repository.git("status", in: linked)
        #expect(try FileStatus(index).inode != before.inode)
    }

    /// Files that differ look newer than whatever the donor built before.
    @Test func filesThatDifferAreNew() throws {
        let sandbox = try Sandbox()
        try sandbox.sh(
            "echo '[workspace]' > Cargo.toml; git add .; git commit -qm manifest; mkdir -p target/debug/.fingerprint")
        try sandbox.sh("\(Self.touch); git update-index -q --refresh")
        try sandbox.sh(
            "git commit -q --allow-empty -m x; echo other > a.txt; git commit -qam other; git checkout -q HEAD~1")
        let before = FileTime.now()
        let linked = try sandbox.new(NewOptions("new", at: "main")).path
        #expect(try FileStatus(linked.appending("a.txt")).mtime >= before)
        #expect(try FileStatus(linked.appending("run.sh")).mtime == Self.old)
    }
}
