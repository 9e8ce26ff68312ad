extension Setting {
    /// The table of the README.
    public static var markdownTable: String {
        let rows = all.map { setting in
            let meaning = [setting.meaning, setting.details].compactMap { $0 }.joined(separator: ". ")
            let standard = setting.standard.map { "`\($0)`" } ?? ""
            return "| `\(setting.key)` | \(setting.values) | \(standard) | \(meaning.replacing("|", with: "\\|")) |"
        }
        return (["| key | value | default | meaning |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }

    /// The text of `wt help settings`, in lines that are not folded yet.
    public static var topic: String {
        let settings = all.map { setting in
            """
            \(setting.key)
                \(setting.meaning) (\(setting.values.replacing("`", with: ""))\
            \(setting.standard.map { "; default \($0)" } ?? ""))\
            \(setting.details.map { "\n    \($0)" } ?? "")
            """
        }
        return """
            Settings are keys of git's configuration, so they can be global (git config --global wt.seed deps), for a \
            repository (git config wt.seed deps) or for a worktree (git config --worktree, see git-worktree(1)).

            A team's stand in a file .wtconfig at the root of the worktree, committed, in the same syntax: the same keys \
            and no others, and no file is included. What you have set yourself counts more. wt reads the file of the \
            worktree that it is started in; the hooks are those of the worktree that is made or removed, and run only \
            after wt trust: see wt help hooks.

            In a repository that could have been committed with the files around it (one in the worktree of another \
            repository, and not in a .git) wt's keys in its own configuration do not count.

            A key that does not exist, or a value that makes no sense, is an error of the commands that go by settings: \
            new, seed, explain, rm and prune. The others do not look at them.

            \(settings.joined(separator: "\n\n"))
            """
    }
}
