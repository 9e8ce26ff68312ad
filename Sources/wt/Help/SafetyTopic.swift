/// Why a seeded cache is right.
extension HelpTopic {
    static let safety = HelpTopic(
        name: "safety", title: "what is linked, copied and left cold, and what is never lost",
        text: """
            Nothing that is done in one worktree changes a byte or a time in another's cache:
              linked     what rustc and the linkers replace by a new file, and never write into: libraries (.rlib), \
            proc macros (.so); of registry and git packages also .rmeta and, in cargo's layout up to 1.99, build scripts
              copied     all else that a build needs, with the same times: fingerprints, dep-info, what build scripts \
            printed and wrote, programs
              not taken  locks, incremental/, doc/, what cargo uplifts again by itself

            A unit is left cold, which means that cargo makes it here as it would without wt, where it cannot be proven that \
            the result would be the same: a path of the worktree is compiled in, a source differs, a proc macro or a build \
            script can have read what nobody recorded. wt new -v and wt explain -v name each, and why.

            wt rm refuses what would lose work: uncommitted or untracked files, commits on no branch, an operation in \
            progress, a lock, a running build. A branch goes only when its work is in the default branch or in its upstream, or \
            with --delete-branch.

            Ctrl-C undoes what was begun. While a post-new hook runs, the worktree is complete, and stays: exit code 2. After kill -9 the next wt clears up, and says so; a build directory that was \
            being seeded is correct at any moment, and only less warm.

            How each of this is so, how to see it and which test guards it: docs/how-it-works.md.
            """)
}
