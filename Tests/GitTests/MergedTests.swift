import FileTree
import SystemPackage
import Testing

@testable import Git

@Suite struct MergedTests {
    /// What happens after `topic` and `main` have parted at a commit with the file `f`, ten numbered lines.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let expected: Merged?
        let script: String

        init(_ description: String, _ expected: Merged?, _ script: String) {
            testDescription = description
            self.expected = expected
            self.script = script
        }
    }

    static let rows = [
        Row(
            "the same text at another place", nil,
            "topic; for i in 1 2 3 4; do printf '{\\n  a\\n  b\\n  tls: no\\n  c\\n  d\\n}\\n'; done > l; all 0; main; git merge -q topic; topic; sed -i '18s/no/yes/' l; all 18; main; sed -i '4s/no/yes/' l; all 4; echo 3 > m; all 3"
        ),
        Row(
            "one of two equal patches was picked", nil,
            "topic; yes x | head -20 > g; all 0; main; git merge -q topic; topic; echo x >> g; all 1; echo x >> g; all 2; sed -i 's/^5$/five/' f; all 3; main; git cherry-pick topic~2 topic; echo 3 > m; all 3"
        ),
        Row("tried and undone, main stayed", nil, "topic; echo 1 > t; all 1; git rm -q t; git commit -qm 2"),
        Row(
            "a symlink here, a file there", nil,
            "topic; ln -s one l; all 0; main; git merge -q topic; topic; ln -sf two l; all 1; main; rm l; printf one > l; all 2; printf two > l; all 3"
        ),
        Row("nothing happened", .ancestor, ""),
        Row("merged", .ancestor, "topic; echo 1 > t; all 1; main; echo 2 > m; all 2; git merge -q topic"),
        Row("not merged", nil, "topic; echo 1 > t; all 1"),
        Row("not merged, main went on", nil, "topic; echo 1 > t; all 1; main; echo 2 > m; all 2"),
        Row(
            "the same files", .sameTree,
            "topic; echo 1 > t; all 1; main; echo 1 > t; echo 2 > m; all 2; topic; echo 2 > m; all 3"),
        Row("squashed", .squashed, "two; main; git merge -q --squash topic; all squashed; echo 3 > m; all 3"),
        Row(
            "squashed, with main merged in on the way", .squashed,
            "two; main; echo 3 > m; all 3; topic; git merge -q main; echo 4 > t4; all 4; main; git merge -q --squash topic; all s; echo 5 > m; all 5"
        ),
        Row(
            "squashed with something more in other files", .squashed,
            "two; main; git merge -q --squash topic; echo 9 > more; all s; echo 3 > m; all 3"),
        Row(
            "squashed, and reverted later", .squashed,
            "two; main; git merge -q --squash topic; all s; git revert --no-edit HEAD; echo 3 > m; all 3"),
        Row(
            "squashed before the last commit", nil,
            "two; main; git merge -q --squash topic; all s; topic; echo 3 > t3; all 3"),
        Row(
            "picked commit by commit", .patches,
            "two; main; echo 3 > m; all 3; git cherry-pick topic~1; echo 4 > m; all 4; git cherry-pick topic"),
        Row("picked in part", nil, "two; main; echo 3 > m; all 3; git cherry-pick topic"),
        Row(
            "the change at another place of the file", .squashed,
            "topic; sed -i 's/^8$/eight/' f; all 8; main; sed -i '1i zero' f; all 0; git cherry-pick topic"),
        Row(
            "the same change with other context", nil,
            "topic; sed -i 's/^5$/five/' f; all 5; main; sed -i 's/^4$/four/' f; all 4; sed -i 's/^5$/five/' f; all 5"),
        Row(
            "white space differs", nil, "topic; echo 'a b' >> f; all 1; main; echo 'ab' >> f; all 2; echo 3 > m; all 3"),
        Row("an empty commit", nil, "topic; git commit -q --allow-empty -m x; main; echo 3 > m; all 3"),
        Row("undone again", nil, "topic; echo 1 > t; all 1; git rm -q t; git commit -qm 2; main; echo 3 > m; all 3"),
        Row(
            "picked, but a merge has a change of its own", nil,
            "topic; echo 1 > t; all 1; main; echo 3 > m; all 3; topic; git merge -q --no-commit main; echo own > own; all merge; main; git cherry-pick topic~1"
        ),
        Row(
            "binary, the same", .squashed,
            "topic; printf 'a\\0b' > b; all 1; main; printf 'a\\0b' > b; all 2; echo 3 > m; all 3"),
        Row(
            "binary, another one", nil,
            "topic; printf 'a\\0b' > b; all 1; main; printf 'a\\0c' > b; all 2; echo 3 > m; all 3"),
        Row("another mode", nil, "topic; echo x > x; chmod +x x; all 1; main; echo x > x; all 2; echo 3 > m; all 3"),
        Row("renamed here, copied there", nil, "topic; git mv f g; all 1; main; cp f g; all 2; echo 3 > m; all 3"),
        Row(
            "names that look like patterns", .squashed,
            "topic; echo 1 > '*'; echo 2 > ':(top)x'; all 1; main; git merge -q --squash topic; all s; echo 3 > m; all 3"
        ),
        Row(
            "no history in common", nil,
            "git checkout -q --orphan other; git commit -qm other; git branch -f topic; main; echo 3 > m; all 3"),
    ]

    @Test(arguments: rows)
    func merged(_ row: Row) throws {
        let sandbox = try Sandbox()
        try sandbox.git("init -q -b main repo", in: sandbox.root)
        // Settings for the eye that must not matter.
        try sandbox.git("config diff.noprefix true")
        try sandbox.git("config diff.context 1")
        try sandbox.git("config color.ui always")
        try sandbox.git("config diff.external false")
        try sandbox.shell(
            """
            set -e
            all() { git add -A; git commit -qm "$1"; }
            topic() { git checkout -q topic; }
            main() { git checkout -q main; }
            two() { topic; echo 1 > t1; sed -i 's/^2$/two/' f; all 1; echo 2 > t2; sed -i 's/^8$/eight/' f; all 2; }
            seq 10 > f; all base; git branch topic
            { \(row.script.isEmpty ? ":" : row.script); } >&2
            """, in: sandbox.path("repo"))
        let merged = try GitCommand(at: sandbox.path("repo"), environment: sandbox.environment)
            .merged(sandbox.id("topic"), into: sandbox.id("main"))
        #expect(merged == row.expected)
        // With what is answered without git.
        #expect(try sandbox.open().merged(sandbox.id("topic"), into: sandbox.id("main")) == row.expected)
    }

    /// A worktree checks the branch out while it is being deleted, for which git takes no lock on it: a hook does it at
    /// the worst moment.
    @Test func aBranchIsCheckedOutWhileItIsDeleted() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("branch topic HEAD~1")
        try sandbox.git("worktree add -q -b other ../other")
        try sandbox.git("config branch.topic.remote origin")
        let log = try sandbox.shell("cat .git/logs/refs/heads/topic", in: sandbox.path("repo"))
        try sandbox.shell(
            """
            mkdir -p .git/hooks; cat > .git/hooks/reference-transaction <<'END'
            #!/bin/sh
            test "$1" = prepared && test -z "$INNER" || exit 0
            rm "$0"; cd ../other; unset $(git rev-parse --local-env-vars); INNER=1 git checkout -q topic >&2
            END
            chmod +x .git/hooks/reference-transaction
            """, in: sandbox.path("repo"))
        let id = try sandbox.id("topic")
        let failure = gitError { try sandbox.open().deleteBranch("topic", expecting: id) }
        #expect(failure?.message == "it is checked out at \(sandbox.path("other"))")
        #expect(try sandbox.id("topic") == id)
        #expect(try sandbox.git("symbolic-ref HEAD", in: sandbox.path("other")) == "refs/heads/topic")
        #expect(try sandbox.git("config branch.topic.remote") == "origin")
        #expect(try sandbox.git("status --porcelain", in: sandbox.path("other")) == "")
        #expect(
            try sandbox.shell("cat .git/logs/refs/heads/topic", in: sandbox.path("repo")).hasPrefix(log))
        // One that is checked out already is not touched at all.
        #expect(gitError { try sandbox.open().deleteBranch("topic", expecting: id) }?.kind == .exists)
    }
}
