import SystemPackage
import TestSupport
import Testing

/// Circumstances in which a name, a path or a variable leads elsewhere than one would think.
@Suite struct OddCircumstanceTests {
    private static let preamble = """
        set -eu
        wt() { ${drop-} "$WT" "$@"; }
        status() {
            wanted=$1; shift
            status=0; said=$("$@" 2>&1) || status=$?
            [ $status = $wanted ] || { echo "$*: $status, $said" >&2; exit 1; }
        }

        """

    /// Run in the main worktree of a repository with the committed files `f` and `d/g`. `wt` is the program, and `status N
    /// COMMAND` holds when the command ends with that number.
    static let rows = [
        ScriptRow(
            "wt in a hook of a commit, which has an index of its own",
            """
            printf '#!/bin/sh\\n"$WT" new $(git branch --show-current)-made\\n' >.git/hooks/pre-commit
            chmod +x .git/hooks/pre-commit
            git worktree add -q -b w ../w
            for place in . ../w; do
                cd $place
                branch=$(git branch --show-current)
                echo staged >new; git add new; echo more >>f
                git commit -qm z -- f
                [ "$(git show --format= --name-only HEAD)" = f ]
                [ "$(git diff --cached --name-only)" = new ]
                git commit -q --no-verify -m rest
                [ -z "$(git status --porcelain)" ]
                [ -z "$(git -C "$(git worktree list | awk -v name="[$branch-made]" '$NF == name { print $1 }')" \
                    status --porcelain)" ]
                git branch -q -m $branch-old; cd - >/dev/null
            done
            """),
        ScriptRow(
            "GIT_INDEX_FILE with what is only staged",
            """
            git commit -q --allow-empty -m two
            echo only >s; git add s; rm s
            GIT_INDEX_FILE=$PWD/.git/index wt new old HEAD~1
            git ls-files s | grep '^s$'
            """),
        ScriptRow(
            "a bare repository, whose HEAD names a branch that it does not check out",
            """
            git clone -q --bare . ../p.git; cd ../p.git; name=$(git branch --show-current)
            git worktree add -q ../tree "$name"
            git worktree add -q -b other ../other
            cd ../other
            [ "$(wt switch "$name")" = "$(cd ../tree; pwd -P)" ]
            wt rm --wait "$name"; [ ! -e ../tree ]
            """),
        ScriptRow(
            "a place among the repository's own files",
            """
            for place in .git/wt-trash/x .git/refs/heads/x .git/worktrees/x .git/objects/a; do
                status 1 wt new x --path $place
                case $said in *"among the repository's own files"*) ;; *) echo "$said"; exit 1 ;; esac
                [ ! -e $place ]; ! git rev-parse -q --verify x
            done
            wt new x --path .git/elsewhere/x; [ -e .git/elsewhere/x/f ]
            """),
        ScriptRow(
            "standard output that takes nothing",
            """
            wt new w -q
            for command in 'list' 'list --json' 'switch w' '--version' 'rm -n w'; do
                status 2 sh -c '"$WT" '"$command"' >/dev/full'
                case $said in *'cannot write to standard output'*) ;; *) echo "$said"; exit 1 ;; esac
            done
            # Who does not read on has got what he wanted.
            { wt list; echo $? >status; } | true; [ "$(cat status)" = 0 ]
            """),
        ScriptRow(
            "a directory whose name is the same to a reader",
            """
            decomposed=$(printf 'cafe\\314\\201') composed=$(printf 'caf\\303\\251')
            wt new one --path "../$decomposed"
            status 1 wt rm -n "$composed"
            wt rm --wait "$decomposed"; [ ! -e "../$decomposed" ]
            """),
        ScriptRow(
            "a worktree whose own directory may not be removed",
            """
            mkdir ../closed; wt new w --path ../closed/w; chmod 555 ../closed
            [ "$(id -u)" != 0 ] || drop='setpriv --bounding-set=-dac_override,-dac_read_search,-fowner'
            wt rm w 2>&1 | grep 'the directory .*/closed/w stays'
            chmod 755 ../closed
            [ -z "$(ls -A ../closed/w)" ]; [ "$(git worktree list | wc -l)" = 1 ]
            wt new w
            """),
    ]

    @Test(arguments: rows) func nothingIsLostAndTheAnswerIsRight(_ row: ScriptRow) throws {
        let directory = try TemporaryDirectory()
        let repository = try TestRepository(in: directory)
        try repository.write("f", "one\n")
        try repository.write("d/g", "two\n")
        try repository.commit()
        try repository.sh(Self.preamble + row.script, ["WT": productsDirectory.appending("wt").string])
    }
}
