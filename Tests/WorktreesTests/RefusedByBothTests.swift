import FileTree
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// What git comes to refuse only when it is at work, `wt new` refuses too, and leaves nothing behind where git leaves
/// branches and logs.
@Suite struct RefusedByBothTests {
    typealias Row = SameAsGitTests.Row

    private static let merges = """
        one=$(git commit-tree -p topic -m one HEAD^{tree}); two=$(git commit-tree -p main~2 -m two HEAD^{tree})
        git update-ref refs/heads/left $(git commit-tree -p $one -p $two -m left HEAD^{tree})
        git update-ref refs/heads/right $(git commit-tree -p $two -p $one -m right HEAD^{tree})
        git update-ref refs/heads/alone $(git commit-tree -m alone HEAD^{tree})
        """

    private static func start(_ name: String, track: Bool? = nil, _ script: String = ":") -> Row {
        let options = track.map { $0 ? ["--track"] : ["--no-track"] } ?? []
        return Row(
            "from \(name)", NewOptions("new", at: name, track: track), git: options + ["-b", "new", "PATH", name]
        ) { try $0.sh(script) }
    }

    static let rows: [Row] = [
        start("v1", track: true), start("HEAD~1", track: true), start("merged^@"), start("HEAD..topic"),
        start("^topic"),
        start("HEAD HEAD"), start("HEAD@{99}"), start("HEAD~99"), start("@{upstream}"), start(":a.txt"),
        start("v1^{blob}"),
        start(":/nowhere"), start("left...right", merges), start("main...alone", merges), start("main...nothing"),
        Row(
            "a tag's two sides, detached", NewOptions("main...topic", detach: true),
            git: ["-d", "PATH", "main...topic"]),
        Row(
            "a remote-tracking branch of two remotes", NewOptions("new", at: "origin/far"),
            git: ["-b", "new", "PATH", "origin/far"]
        ) {
            try $0.sh("git config remote.two.url /x; git config remote.two.fetch '+refs/heads/*:refs/remotes/origin/*'")
        },
        Row(
            "a filter that is required and fails",
            """
            git config filter.up.required true; git config filter.up.clean cat; git config filter.up.smudge false
            echo '*.rs filter=up' > .gitattributes; echo x >> src/lib.rs; git add .; git commit -qm filter
            """),
        Row(
            "a hook that refuses references",
            """
            mkdir -p .git/hooks; printf '#!/bin/sh\\n[ $1 != prepared ]\\n' > .git/hooks/reference-transaction
            chmod +x .git/hooks/reference-transaction
            """),
        Row(
            "a bare repository that nobody named", from: "../bare.git",
            with: [
                "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.bareRepository", "GIT_CONFIG_VALUE_0": "explicit",
            ], "git clone -q --bare . ../bare.git"),
        Row("an identity that is malformed", with: ["GIT_COMMITTER_DATE": "not a date"], ":"),
        Row("a setting that is malformed", "git config core.autocrlf perhaps"),
        Row("a setting for branches that is malformed", "git config branch.autoSetupMerge perhaps"),
        Row(
            "a tree with .git",
            "t=$(printf '040000 tree %s\\t.git\\n' $(git rev-parse HEAD:src) | git mktree); git update-ref HEAD $(git commit-tree -m x $t)"
        ),
        Row(
            "a blob that is missing, and that no worktree has",
            "id=$(git rev-parse HEAD:a.txt); rm -f .git/objects/$(echo $id | sed 's,..,&/,'); echo other > a.txt"),
    ]

    @Test(arguments: rows) func nothingIsLeft(_ row: Row) throws {
        let sandbox = try SameAsGitTests.arranged(row)
        let before = try sandbox.snapshot()
        let place = sandbox.repository.path.pushing(FilePath(row.place)).lexicallyNormalized()
        let target = sandbox.path("above/x")
        var options = row.options
        options.path = target
        #expect(throws: (any Error).self) { try sandbox.new(options, from: place) }
        let left = try sandbox.snapshot().leftovers(since: before)
        #expect(left == [])
        let theirs = try sandbox.repository.attempt(row.git.map { $0 == "PATH" ? target.string : $0 }, in: place)
        #expect(theirs.status != 0, "git accepts it")
    }
}
