import Worktrees

/// Where wt meets other programs.
extension HelpTopic {
    static let hooks = HelpTopic(
        name: "hooks", title: "commands that run when worktrees come and go",
        text: """
            The events:
              post-new  in the new worktree, when it is checked out and seeded. A failure does not remove the worktree: \
            exit code 2
              pre-rm    in the worktree that is about to be removed, when nothing else holds the removal back. A failure \
            keeps the worktree: exit code 1. Afterwards everything is checked again, since a hook can change files
              post-rm   in the main worktree, when one was removed. A failure is a warning: exit code 2

            Commands of your own are git's configuration, one for each line:
              git config --add wt.hook.post-new 'make setup'

            A repository's stand in its .wtconfig, and run only when you have approved of that text with wt trust, which \
            shows it first. A changed text has to be approved of anew. Until then they are skipped, and named. Scripts \
            that a command calls are not a part of its text. The repository's run before your own, each when the one before \
            it has succeeded.

            The .wtconfig that counts is for post-new that of the commit that is checked out, for pre-rm and post-rm the one \
            that stands in the worktree that is removed.

            A command runs as sh -c, with nothing to read, and its output goes to standard error. Who reads that waits for \
            what a command leaves in the background, too, unless it is started with >/dev/null 2>&1 &. It finds in its \
            environment:
            \(columns(HookSubject.variables))

            --no-hooks runs none of them. git's own post-checkout hook runs as git runs it.
            """)

    static let agents = HelpTopic(
        name: "agents", title: "worktrees that agents and scripts make",
        text: """
            A script takes the path from standard output, and goes by the exit code: see wt help output.
              dir=$(wt new -q task-17) && cd "$dir"

            Claude Code asks wt hook claude-code for its worktrees, when that stands in its settings as the command of \
            WorktreeCreate and WorktreeRemove; wt help hook has the lines.

            Where an agent or an editor makes worktrees with git, wt seed warms them afterwards, from within or by name. It \
            touches no source file.

            A worktree with work in it is not removed for an agent either. What wt rm refuses stays until somebody says \
            otherwise.
            """)
}
