import FileTree
import SystemPackage
import TestSupport
import Testing

/// Work that a look can miss, by wt, or by the git that it asks: what cannot be seen is not known to be absent, and what has
/// no name in UTF-8 is nobody else's.
@Suite struct UnseenWorkTests {
    let directory: TemporaryDirectory
    let repository: TestRepository

    init() throws {
        directory = try TemporaryDirectory()
        repository = try TestRepository(in: directory)
        try repository.write("f", "one\n")
        try repository.commit()
        try repository.git("worktree", "add", "--quiet", "-b", "w", "../w")
    }

    private static let preamble = """
        wt() { $drop "$WT" "$@"; }
        refuses() {
            words=$1; shift
            status=0; said=$("$@" 2>&1) || status=$?
            case $status:$said in
                1:*"$words"*) ;;
                *) echo "$*: $status, $said" >&2; exit 1 ;;
            esac
            [ -e ../w/f ] && [ -n "$(git worktree list | grep /w)" ] || { echo "$*: it is gone" >&2; exit 1; }
        }
        # Without the rights of root over files of others.
        [ "$(id -u)" != 0 ] || drop='setpriv --bounding-set=-dac_override,-dac_read_search'

        """

    /// Run in the main worktree, beside which there is the worktree `w`. `wt` is the program, and `refuses WORDS COMMAND`
    /// holds when that command ends with 1, leaves the worktree there, and says these words.
    static let rows = [
        ScriptRow(
            "an untracked directory that may not be read",
            """
            mkdir ../w/secret; echo work >../w/secret/thesis; chmod 000 ../w/secret
            wt list | grep 'w .*unknown'
            refuses 'could not open directory' wt rm w
            chmod 755 ../w/secret; cat ../w/secret/thesis
            """),
        ScriptRow(
            "an untracked directory that is deeper than git can look",
            """
            name=$(printf %0250d 0)
            (cd ../w; for level in $(seq 18); do mkdir $name; cd -P $name; done; echo work >thesis)
            refuses 'could not open directory' wt rm w
            """),
        ScriptRow(
            "an untracked directory that is deeper than a stack",
            """
            ulimit -n 20000
            python3 -c 'import os; os.chdir("../w"); [(os.mkdir("d"), os.chdir("d")) for n in range(9000)]'
            wt list | grep 'w .*unknown'
            refuses 'could not open directory' wt rm w
            """),
        ScriptRow(
            "a directory above that may not be searched",
            """
            mkdir ../closed; git worktree move ../w ../closed/w; ln -s closed/w ../w
            echo staged >../closed/w/new; git -C ../closed/w add new
            chmod 000 ../closed
            wt prune 2>&1 | grep 'cannot be seen, but may exist'
            for force in '' -f -ff; do
                ! said=$(wt rm $force closed/w 2>&1 || wt rm $force w 2>&1) || exit 1
                case $said in *'cannot be seen, but may exist'*) ;; *) echo "$said" >&2; exit 1 ;; esac
            done
            chmod 755 ../closed
            git -C ../closed/w status --porcelain | grep '^A  new$'
            """),
        ScriptRow(
            "an ignore file that git would wait for",
            """
            mkdir ../w/d; mkfifo ../w/d/.gitignore
            wt list | grep 'w .*unknown'
            refuses 'git would wait for it' wt rm w
            """),
        ScriptRow(
            "an ignore file of a terabyte",
            """
            mkdir ../w/d; truncate -s 1T ../w/d/.gitignore
            ulimit -v 8000000
            wt list | grep 'w .*unknown'
            refuses 'cannot see whether' wt rm w
            """),
        ScriptRow(
            "a tree that is deeper than a stack",
            """
            commit=$(python3 - <<'END'
            import hashlib, zlib, os
            def put(kind, text):
                text = kind + b' ' + str(len(text)).encode() + b'\\0' + text
                name = hashlib.sha1(text).hexdigest()
                os.makedirs('.git/objects/' + name[:2], exist_ok=True)
                with open('.git/objects/' + name[:2] + '/' + name[2:], 'wb') as file: file.write(zlib.compress(text, 1))
                return bytes.fromhex(name)
            tree = put(b'tree', b'100644 f\\0' + put(b'blob', b'x'))
            for level in range(20000): tree = put(b'tree', b'40000 d\\0' + tree)
            who = b' n <a@b> 1 +0000\\n'
            print(put(b'commit', b'tree ' + tree.hex().encode() + b'\\nauthor' + who + b'committer' + who + b'\\nx\\n').hex())
            END
            )
            echo $commit >.git/refs/heads/w
            wt list | grep 'w .*unknown'
            """),
        ScriptRow(
            "a branch whose name is no UTF-8, and one with the name that it would be repaired to",
            """
            mine=$(printf 'x\\377') theirs=$(printf 'x\\357\\277\\275')
            git worktree add -q ../mine -b "$mine"; git -C ../mine commit -q --allow-empty -m mine
            git checkout -q -b "$theirs"; echo three >f; git commit -qam theirs; git checkout -q -
            (cd ../mine; echo three >f; git add f)
            wt list | grep 'staged.*mine'
            ! wt rm ../mine || exit 1
            git -C ../mine reset -q --hard
            wt rm --wait ../mine --delete-branch
            git log --format=%s "$mine" | grep '^mine$'
            git log --format=%s "$theirs" | grep '^theirs$'
            """),
        ScriptRow(
            "a branch whose name begins with a combining mark",
            """
            name=$(printf '\\314\\201x')
            git worktree add -q ../marked -b "$name"
            ! said=$(wt new "$name" 2>&1) || exit 1
            case $said in *'checked out at'*) ;; *) echo "$said" >&2; exit 1 ;; esac
            wt rm --wait ../marked
            ! git rev-parse -q --verify "refs/heads/$name"
            """),
        ScriptRow(
            "an edit that git was told to pass over, of the same size and time",
            """
            git -C ../w update-index --skip-worktree f
            touch -r ../w/f time; echo two >../w/f; truncate -s 4 ../w/f; touch -r time ../w/f
            refuses 'git was told to pass over' wt rm w
            printf 'one\\n' >../w/f; touch -r time ../w/f
            wt rm --wait w; [ ! -e ../w ]
            """),
        ScriptRow(
            "notes that are being merged",
            """
            touch .git/worktrees/w/NOTES_MERGE_REF
            refuses 'notes merge' wt rm w
            """),
        ScriptRow(
            "commits that only references of the worktree's own lead to",
            """
            commit=$(git -C ../w commit-tree -m mine 'HEAD^{tree}')
            git -C ../w update-ref refs/rewritten/mine $commit
            refuses 'is on no branch' wt rm w
            git -C ../w update-ref -d refs/rewritten/mine
            git -C ../w update-ref refs/bisect/keep $commit; git -C ../w symbolic-ref HEAD refs/bisect/keep
            refuses 'is on no branch' wt rm w
            """),
        ScriptRow(
            "an index of two files",
            """
            git -C ../w update-index --split-index
            echo mine >../w/f; git -C ../w update-index --assume-unchanged f
            refuses 'git was told to pass over' wt rm w
            git -C ../w update-index --no-assume-unchanged f; git -C ../w checkout -q f
            wt rm --wait w; [ ! -e ../w ]
            """),
    ]

    @Test(.timeLimit(.minutes(5)), arguments: rows) func isNeitherCleanNorGone(_ row: ScriptRow) throws {
        try repository.sh(Self.preamble + row.script, ["WT": productsDirectory.appending("wt").string, "drop": ""])
    }
}
