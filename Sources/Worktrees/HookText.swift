/// The text of `wt help hooks`, in lines that are not folded yet.
public enum HookText {
    /// What hooks are, when and how they run, and what they see.
    public static var topic: String {
        let width = HookSubject.variables.map(\.0.count).max() ?? 0
        let variables = HookSubject.variables.map { name, meaning in
            "    \(name)\(String(repeating: " ", count: width - name.count))  \(meaning)"
        }
        return """
            Hooks are shell commands: wt.hook.post-new, wt.hook.pre-rm and wt.hook.post-rm in git's configuration, or in a \
            committed .wtconfig at the root of the worktree. Each key can stand there several times; its commands run in \
            that order until one fails, the repository's before your own.

                git config --add wt.hook.post-new 'cp ../shared/.env .'

            post-new runs in the new worktree when it is complete: checked out, seeded, after git's post-checkout. A \
            failure leaves the worktree, and wt ends with 2. The .wtconfig is that of the commit that is checked out.

            pre-rm runs in the worktree when nothing speaks against its removal. A failure keeps it, untouched, and wt \
            ends with 1; afterwards everything is checked again, since a hook can change files. It does not run where the \
            directory is gone.

            post-rm runs in the main worktree (in the repository where that is bare) when all is done. A failure makes wt \
            end with 2. Both take the .wtconfig of the worktree that is removed, as it is on disk.

            A command is run by sh -c. It has nothing to read, and its output goes to standard error. It gets wt's \
            environment, less git's variables about one worktree, and

            \(variables.joined(separator: "\n"))

            Commands from .wtconfig run only when you have seen their text in wt trust and said yes: this text, in this \
            order, in this repository. Until then everything else is done, the commands are named, and wt ends with 2; \
            also for pre-rm, since a file that nobody has approved of is not to decide whether a worktree can go. Scripts \
            that a command calls are not a part of its text. The record is in $XDG_STATE_HOME/wt/trust (or \
            ~/.local/state/wt/trust), and counts only while nobody else can write it.

            --no-hooks, of new, rm and prune, runs none of them; git's own post-checkout is a part of what git worktree \
            add does, and runs all the same. --dry-run names them. wt new -x runs a command in the new worktree after \
            all that, with wt's own input and output; standard output is the command's alone (the path is in WT_WORKTREE, \
            and on standard error), and so is the exit status.
            """
    }
}
