import TestSupport
import Testing

@testable import Worktrees

/// Where repositories stand, and what is in them besides a commit's files.
extension SameAsGitTests {
    static let places: [Row] = [
        Row("in a directory below", from: "src/deep", ":"),
        Row("in a linked worktree", from: "../linked", "git worktree add -q ../linked topic"),
        Row("below in a linked worktree", from: "../linked/src", "git worktree add -q ../linked topic"),
        Row("in a linked worktree inside the main one", from: "inner/src", "git worktree add -q inner topic"),
        Row("in a bare repository", from: "../bare.git", "git clone -q --bare . ../bare.git"),
        Row(
            "in a bare repository, with logs", from: "../bare.git",
            "git clone -q --bare . ../bare.git; git -C ../bare.git config core.logAllRefUpdates true"),
        Row("below in a bare repository", from: "../bare.git/refs", "git clone -q --bare . ../bare.git"),
        Row(
            "a linked worktree of a bare repository", from: "../linked",
            "git clone -q --bare . ../bare.git; git -C ../bare.git worktree add -q ../linked topic"),
        Row(
            "a bare repository and a file that leads there", from: "../project",
            "mkdir ../project; git clone -q --bare . ../project/.bare; echo 'gitdir: ./.bare' > ../project/.git"),
        Row("in the git directory", from: ".git", ":"),
        Row("through a symlink", from: "../alias", "ln -s repository ../alias"),
        Row("through a symlink to a directory below", from: "../alias", "ln -s repository/src ../alias"),
        Row("to a place behind a symlink", "mkdir ../real; ln -s real ../above"),
        Row("a git directory behind a symlink", "mv .git ../store; ln -s ../store .git"),
        Row("a git directory somewhere else", "git init -q --separate-git-dir ../store"),
        Row(
            "a linked worktree of it", from: "../linked",
            "git init -q --separate-git-dir ../store; git worktree add -q ../linked"),
        Row(
            "core.worktree",
            "mkdir ../other; git config core.worktree ../../other; git -C ../other --git-dir=$(pwd)/.git reset -q --hard"
        ),
        Row(
            "in a submodule", from: "sub",
            """
            git init -q ../sub; git -C ../sub commit -q --allow-empty -m sub; echo x > ../sub/x
            git -C ../sub add .; git -C ../sub commit -qm x
            git -c protocol.file.allow=always submodule -q add "$(cd ..; pwd)/sub" sub; git commit -qm submodule
            """),
    ]

    static let repositories: [Row] = [
        Row(
            "a shallow clone", from: "../clone",
            "git clone -q --depth 2 \"file://$(pwd)\" ../clone"),
        Row("a clone with borrowed objects", from: "../clone", "git clone -q --shared . ../clone"),
        Row(
            "a clone with a reference, in packs", from: "../clone",
            "git gc -q; git clone -q --reference . \"file://$(pwd)\" ../clone"),
        Row("a clone's remote branch", NewOptions("topic"), git: ["PATH", "topic"], from: "../clone") {
            try $0.sh("git clone -q . ../clone")
        },
        Row(
            "a partial clone", NewOptions("topic"), git: ["PATH", "topic"], isNative: false, from: "../clone"
        ) {
            try $0.sh(
                """
                git config uploadpack.allowFilter true; git config uploadpack.allowAnySHA1InWant true
                git clone -q --filter=blob:none "file://$(pwd)" ../clone
                """)
        },
        Row(
            "packs with an index and a graph",
            "git repack -qad --write-bitmap-index; git multi-pack-index write; git commit-graph write --reachable"),
        Row(
            "SHA-256", isNative: false, from: "../other",
            "git init -q -b main --object-format=sha256 ../other; cp -R src a.txt ../other; cd ../other; git add .; git commit -qm x"
        ),
        Row("a sparse checkout by patterns", isNative: false, "git sparse-checkout set --no-cone '*.rs' '!b.rs'"),
        Row(
            "a sparse checkout with a sparse index", isNative: false,
            "git sparse-checkout set --cone --sparse-index src"),
        Row(
            "a sparse checkout of old", isNative: false,
            "git config core.sparseCheckout true; echo '/src/' > .git/info/sparse-checkout"),
        Row(
            "a sparse checkout that is off again", isNative: false,
            "git sparse-checkout set src; git sparse-checkout disable"),
        Row(
            "a sparse checkout of a linked worktree", isNative: false, from: "../linked",
            "git worktree add -q ../linked; git -C ../linked sparse-checkout set src/deep"),
        Row(
            "a sparse checkout of another worktree", isNative: false,
            "git worktree add -q ../linked; git -C ../linked sparse-checkout set src/deep"),
        Row(
            "configuration for each worktree, bare", isNative: false, from: "../bare.git",
            """
            git clone -q --bare . ../bare.git; cd ../bare.git; git config extensions.worktreeConfig true
            git config --worktree core.bare true; git config --unset core.bare; git config --worktree some.key value
            """),
        Row(
            "grafts", isNative: false,
            "git rev-parse HEAD > .git/info/grafts 2> /dev/null || { mkdir .git/info; git rev-parse HEAD > .git/info/grafts; }"
        ),
        Row("notes and a stash", "git notes add -m words HEAD; echo x >> a.txt; git stash -q"),
        Row(
            "a merge that waits",
            "git checkout -q -b side topic; echo x > a.txt; git commit -qam x; git merge -q main || true"),
        Row("a bisection that runs", "git bisect start HEAD HEAD~2 > /dev/null"),
        Row(
            "a worktree that is locked, one that is gone",
            "git worktree add -q --lock ../one topic; git worktree add -q --detach ../two; rm -r ../two"),
        Row("registrations with its name, and a gap", "for i in x x1 x3; do mkdir -p .git/worktrees/$i; done"),
    ]

    @Test(arguments: places + repositories) func everyRepository(_ row: Row) throws { try compare(row) }
}
