import FileTree
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// The hook `post-checkout` is run as git runs it: what it is given is compared, to the last variable.
@Suite struct PostCheckoutTests {
    typealias Row = SameAsGitTests.Row

    /// All that a hook can see of whoever runs it.
    private static let look = #"""
        { printf '%s\n' "$0" "$#" "$@"; pwd -P; env | sort; readlink /proc/self/fd/0; wc -c; umask
          test /proc/self/fd/1 -ef /proc/self/fd/2 && echo 'one output'; git rev-parse --git-dir HEAD; git status --porcelain
        } > "$(git rev-parse --show-toplevel)/hook.ignored"
        """#

    /// Writes the hook into a directory, seen from the main worktree.
    private static func hook(_ directory: String = ".git/hooks", _ text: String = look) -> String {
        """
        mkdir -p \(directory); cat > \(directory)/post-checkout <<'END'
        #!/bin/sh
        \(text)
        END
        chmod +x \(directory)/post-checkout
        """
    }

    static let rows: [Row] = [
        Row("a hook", hook()),
        Row("a hook and an obstacle", isNative: false, "\(hook()); git config core.sharedRepository group"),
        Row("a hook, an existing branch", NewOptions("topic"), git: ["PATH", "topic"]) { try $0.sh(hook()) },
        Row(
            "a hook, locked, detached", NewOptions("v1", detach: true, lockReason: "why"),
            git: ["--detach", "--lock", "--reason", "why", "PATH", "v1"]
        ) { try $0.sh(hook()) },
        Row("a hook, below", from: "src/deep", hook()),
        Row("a hook, in a linked worktree", from: "../linked/src", "\(hook()); git worktree add -q ../linked topic"),
        Row("a hook, in the git directory", from: ".git", hook()),
        Row(
            "a hook, in a bare repository", from: "../bare.git/refs",
            "git clone -q --bare . ../bare.git; cd ../bare.git; \(hook("hooks"))"),
        Row("a hook without an interpreter", "\(hook()); sed -i 1d .git/hooks/post-checkout"),
        Row("a hook that is not executable", "\(hook()); chmod -x .git/hooks/post-checkout"),
        Row("a hook that is a symlink", "\(hook("h")); mkdir -p .git/hooks; ln -s ../../h/post-checkout .git/hooks"),
        Row(
            "a hook that is a tracked file",
            "\(hook(".githooks")); git config core.hooksPath .githooks; git add .; git commit -qm h"),
        Row(
            "a hook that only the new worktree has", NewOptions("new", at: "with"), git: ["-b", "new", "PATH", "with"]
        ) {
            try $0.sh(
                """
                git switch -qc with; \(hook("h")); git config core.hooksPath h; git add .
                git -c core.hooksPath=/ commit -qm h; git -c core.hooksPath=/ switch -q main
                """)
        },
        Row(
            "a hook that only this worktree has", from: "../linked",
            "\(hook("../linked.h")); git worktree add -q ../linked topic; mv ../linked.h ../linked/h; git config core.hooksPath h"
        ),
        Row("a hook in an absolute place", "\(hook("../hooks")); git config core.hooksPath \"$(cd ..; pwd)/hooks\""),
        Row("a relative place, from below", from: "src", "\(hook("../hooks")); git config core.hooksPath ../hooks"),
        Row("no place for hooks", "\(hook()); git config core.hooksPath ''"),
        Row("a device for a place for hooks", "\(hook()); git config core.hooksPath /dev/null"),
        Row(
            "a hook and variables", with: ["GIT_PREFIX": "x/", "GIT_TRACE": "0", "GIT_AUTHOR_NAME": "b"], hook()),
    ]

    /// All hooks that githooks(5) has, each of which notes that it ran.
    private static func all(_ hooks: String) -> String {
        """
        mkdir -p .git/hooks; for hook in \(hooks); do
        printf '#!/bin/sh\\necho "$0 $*" >> "%s/hook.log"; cat > /dev/null\\n' "$(cd ..; pwd)" > .git/hooks/$hook
        chmod +x .git/hooks/$hook; done
        """
    }

    static let others: [Row] = [
        Row(
            "every hook but two",
            all(
                """
                applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg \
                post-commit pre-rebase post-checkout post-merge pre-push pre-receive update proc-receive post-receive \
                post-update push-to-checkout pre-auto-gc post-rewrite sendemail-validate fsmonitor-watchman
                """)),
        Row("a hook for references", isNative: false, all("reference-transaction post-checkout")),
        Row("a hook for the index", isNative: false, all("post-index-change post-checkout")),
    ]

    @Test(arguments: rows + others) func itSeesWhatGitShowsIt(_ row: Row) throws { try SameAsGitTests().compare(row) }

    /// It may have rewritten sources, and cargo's freshness is built upon those that are the donor's.
    @Test func whatItTouchesIsNotTheDonorsAnyMore() throws {
        let sandbox = try Sandbox()
        try sandbox.sh("mkdir -p target/debug/.fingerprint target/debug/deps; echo '[workspace]' > Cargo.toml")
        try sandbox.sh("git add .; git commit -qm manifest")
        try sandbox.makeHook("cp -p a.txt b; mv b a.txt; rm src/deep/b.rs; touch -d '1 second ago' src/lib.rs")
        let plan = try sandbox.plan(NewOptions("new", path: "../x"))
        let made = try sandbox.repository.addWorktree("x", branch: "topic")
        try sandbox.sh("git checkout -q .", in: made)
        let all: Set<FilePath> = ["a.txt", "src/lib.rs", "src/deep/b.rs", "run.sh", "link", ".gitignore"]
        var identical = IdenticalFiles(all, isComplete: true)
        #expect(plan.runPostCheckout(in: try sandbox.open(), at: made, &identical) == [])
        #expect(Set(all.filter(identical.contains)) == ["run.sh", "link", ".gitignore"])
        #expect(!identical.isComplete)
    }

    @Test(arguments: [
        ("exit 3", "status 3"), ("kill -9 $$", "status 137"), ("", "No such file or directory"),
    ]) func itsFailureIsTold(_ line: String, _ words: String) throws {
        let sandbox = try Sandbox()
        try sandbox.makeHook(line)
        if line.isEmpty { try sandbox.sh("echo '#!/no/interpreter' > .git/hooks/post-checkout") }
        let result = try sandbox.new(NewOptions("new", path: "../x"))
        #expect(result.notes.count == 1)
        #expect(result.notes.first?.contains("post-checkout hook") == true)
        #expect(result.notes.first?.contains(words) == true)
        #expect(result.isLessWarm)
        #expect(try sandbox.repository.git("status", "--porcelain", in: result.path) == "")
    }
}
