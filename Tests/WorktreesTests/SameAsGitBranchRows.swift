import Testing

@testable import Worktrees

/// Names and settings of branches, and every form of a start point that gitrevisions(7) has.
extension SameAsGitTests {
    static let startPoints: [Row] = [
        "@", "@~1", "HEAD^", "HEAD^1~1", "HEAD^0", "v1^{}", "v1^{commit}", "v1~0", "tags/v1", "refs/tags/v1",
        "heads/topic", "refs/heads/topic", "remotes/origin/far", "main@{0}", "HEAD@{1}", "@{-1}~0", "main@{1}",
        "main@{2024-01-01 12:00:00 +0000}", ":/second", "HEAD^{/first}", "topic^{/first}", "main...v1", "...topic",
        "main...", "stash", "stash@{0}^2", "ORIG_HEAD", "side@{upstream}", "main@{push}", "@{u}", "v1-0-g660e440",
        "main^{}", "other/deep/far", "pull/7", "worktrees/linked/HEAD", "main-worktree/HEAD", "merged^2",
    ].map { name in
        Row("from \(name)", NewOptions("new", at: name), git: ["-b", "new", "PATH", name]) {
            try $0.sh(
                """
                git branch -q side; git branch -q --set-upstream-to=origin/far side
                git branch -q --set-upstream-to=origin/main main
                git config remote.other.url /nowhere
                git config remote.other.fetch '+refs/heads/*:refs/remotes/other/deep/*'
                git update-ref refs/remotes/other/deep/far HEAD~1
                git config --add remote.origin.fetch '+refs/pull/*/head:refs/remotes/pull/*'
                git update-ref refs/remotes/pull/7 HEAD~1
                git update-ref ORIG_HEAD HEAD~1; echo more >> a.txt; git stash -q
                git update-ref refs/heads/merged $(git commit-tree -p HEAD -p v1^{commit} -m merge HEAD^{tree})
                git worktree add -q --detach ../linked topic
                """)
        }
    }

    static let tracking: [Row] = ["false", "true", "always", "simple", "inherit"].flatMap { value -> [Row] in
        let arrange: @Sendable (Sandbox) throws -> Void = {
            try $0.sh(
                """
                git config branch.autoSetupMerge \(value); git config push.autoSetupRemote true
                git config worktree.guessRemote true; git branch -q --set-upstream-to=origin/main topic
                """)
        }
        return [
            Row("autoSetupMerge \(value), by name", NewOptions("far"), git: ["PATH", "far"], arrange: arrange),
            Row(
                "autoSetupMerge \(value), a remote branch", NewOptions("new", at: "origin/far"),
                git: ["-b", "new", "PATH", "origin/far"], arrange: arrange),
            Row(
                "autoSetupMerge \(value), a remote branch of that name", NewOptions("far", at: "origin/far"),
                git: ["-b", "far", "PATH", "origin/far"], arrange: arrange),
            Row(
                "autoSetupMerge \(value), a local branch", NewOptions("new", at: "topic"),
                git: ["-b", "new", "PATH", "topic"], arrange: arrange),
            Row(
                "autoSetupMerge \(value), asked for", NewOptions("new", at: "origin/far", track: true),
                git: ["--track", "-b", "new", "PATH", "origin/far"], arrange: arrange),
        ]
    }

    static let rebasing: [Row] = ["never", "local", "remote", "always"].flatMap { value -> [Row] in
        let arrange: @Sendable (Sandbox) throws -> Void = {
            try $0.sh("git config branch.autoSetupRebase \(value); git config branch.autoSetupMerge always")
        }
        return [
            Row(
                "autoSetupRebase \(value), local", NewOptions("new", at: "topic"),
                git: ["-b", "new", "PATH", "topic"], arrange: arrange),
            Row("autoSetupRebase \(value), remote", NewOptions("far"), git: ["PATH", "far"], arrange: arrange),
        ]
    }

    private static let twoRemotes = """
        git config remote.two.url /nowhere; git config remote.two.fetch '+refs/heads/*:refs/remotes/two/*'
        git update-ref refs/remotes/two/far HEAD~1
        """

    static let names: [Row] = [
        Row("the default remote of two", NewOptions("far"), git: ["PATH", "far"]) {
            try $0.sh("\(twoRemotes); git config checkout.defaultRemote two")
        },
        Row(
            "a branch of the other remote", NewOptions("new", at: "origin/far"),
            git: ["-b", "new", "PATH", "origin/far"]
        ) {
            try $0.sh("\(twoRemotes); git config checkout.defaultRemote two")
        },
        Row("a branch of one of two remotes", NewOptions("new", at: "two/far"), git: ["-b", "new", "PATH", "two/far"]) {
            try $0.sh(twoRemotes)
        },
        Row("a remote in .git/remotes", NewOptions("new", at: "old/far"), git: ["-b", "new", "PATH", "old/far"]) {
            try $0.sh(
                """
                mkdir -p .git/remotes; git update-ref refs/remotes/old/far HEAD~1
                printf 'URL: /nowhere\\nPull: refs/heads/far:refs/remotes/old/far\\n' > .git/remotes/old
                """)
        },
        Row("an existing branch that is a tag, too", NewOptions("topic"), git: ["PATH", "topic"]) {
            try $0.sh("git tag topic main")
        },
        Row("an existing branch that is a remote, too", NewOptions("origin"), git: ["PATH", "origin"]) {
            try $0.sh("git update-ref refs/heads/origin topic")
        },
        Row(
            "an existing branch that points to another", NewOptions("alias"), git: ["PATH", "alias"], isNative: false
        ) {
            try $0.sh("git symbolic-ref refs/heads/alias refs/heads/topic")
        },
        Row("an existing branch in another worktree's stead", NewOptions("topic"), git: ["PATH", "topic"]) {
            try $0.sh("git worktree add -q ../gone topic; rm -r ../gone; git worktree prune")
        },
        Row("an existing branch with a remote branch", NewOptions("far"), git: ["PATH", "far"]) {
            try $0.sh("git update-ref refs/heads/far HEAD~1")
        },
        Row("a new branch that is a tag, too", NewOptions("v1"), git: ["-b", "v1", "PATH"]),
        Row("a new branch with settings of old", NewOptions("new"), git: ["-b", "new", "PATH"]) {
            try $0.sh("git config branch.new.description words; git config branch.new.rebase true")
        },
        Row("a tag that is a branch, too, detached", NewOptions("topic", detach: true), git: ["-d", "PATH", "topic"]) {
            try $0.sh("git tag topic main")
        },
        Row("a remote branch, detached", NewOptions("origin/far", detach: true), git: ["-d", "PATH", "origin/far"]),
        Row("the branch before, detached", NewOptions("-", detach: true), git: ["-d", "PATH", "-"]),
        Row("from a branch without a commit", NewOptions("new", at: "topic"), git: ["-b", "new", "PATH", "topic"]) {
            try $0.sh("git checkout -q --orphan fresh")
        },
        Row("a HEAD that is a symlink", "git config core.preferSymlinkRefs true"),
        Row("from a detached worktree", "git checkout -q --detach HEAD~1"),
        Row("no identity", with: noIdentity, "git config --unset-all user.name; git config --unset-all user.email"),
        Row(
            "no identity, and none to be guessed", with: noIdentity,
            """
            git config --unset-all user.name; git config --unset-all user.email; git config user.useConfigOnly true
            """),
        Row("logs of everything", isNative: false, "git config core.logAllRefUpdates always"),
        Row("logs as by default", "git config core.logAllRefUpdates true"),
    ]

    private static let noIdentity = [
        "GIT_COMMITTER_NAME": "", "GIT_COMMITTER_EMAIL": "", "GIT_AUTHOR_NAME": "", "GIT_AUTHOR_EMAIL": "",
    ]

    @Test(arguments: startPoints) func everyStartPoint(_ row: Row) throws { try compare(row) }
    @Test(arguments: tracking + rebasing) func everyUpstream(_ row: Row) throws { try compare(row) }
    @Test(arguments: names) func everyName(_ row: Row) throws { try compare(row) }
}
