import Worktrees

/// What is looked up.
extension HelpTopic {
    static let names = HelpTopic(
        name: "names", title: "how worktrees are named",
        text: """
            A worktree is named by its branch, by the name of its directory, or by a path.

              @  the one you are in
              ^  the main one
              -  the one you were in before; with the shell's integration, see wt help shell

            What begins with /, ./ or ../ is a path and nothing else. A name that could be more than one worktree is refused. \
            Names are data: nothing in them is an option, a pattern or a shell's word.
            """)

    static let settings = HelpTopic(name: "settings", title: "what git's configuration says to wt", text: Setting.topic)

    static let files = HelpTopic(
        name: "files", title: "the files that wt reads and writes",
        text: """
            Read, at the root of a worktree:
              .wtconfig         settings of a team, committed: see wt help settings
              .worktreeinclude  which files that git ignores a new worktree gets from another one, in the syntax of \
            .gitignore. They are copied, never linked, and nothing is overwritten

            Written, in the repository's git directory:
              wt-trash          what was removed and is being deleted; empty or absent a moment later
              wt-making         what a wt new in progress would have to undo, were it killed
            The next wt clears up what a killed one has left in either.

            Written, in the user's state directory ($XDG_STATE_HOME, or ~/.local/state):
              wt/trust          which commands of repositories were approved with wt trust

            Nothing else of wt's is kept anywhere: no database, no daemon. What cargo leaves in a build directory is all that \
            wt knows of a cache.
            """)

    static let output = HelpTopic(
        name: "output", title: "what a program that calls wt can rely on",
        text: """
            Standard output has the result and nothing else: a path, a table, or JSON. Standard error has the story, the \
            warnings and the errors. So this works in a script:
              cd "$(wt new feature-x)"

            --json exists for every command that lists or changes something; the names in it stay, and new ones may come. \
            wt list --json-schema prints the JSON Schema of wt list. -q leaves errors and warnings alone on standard error.

            Nothing is asked where standard input is no terminal: what would need an answer is refused, and the message \
            names the option that gives it.

            Colours are for terminals: never in a pipe, and not with NO_COLOR, unless CLICOLOR_FORCE or --color says so.
            """)

    static let exitCodes = HelpTopic(
        name: "exit-codes", title: "every number that wt ends with",
        text: """
              0    done
              1    refused or failed; nothing of yours is lost
              2    done, with a warning worth acting on: less warm than asked, for example
              64   the command line or a setting makes no sense; nothing was done
              130  interrupted, and undone

            With wt new -x the exit code is that of the command, once the worktree is made.
            """)
}
