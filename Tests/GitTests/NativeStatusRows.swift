extension StatusRow {
    /// Ignore files, over `x.o u/y.o u/v/z.o u/v/keep w/x.o target/debug/a .env`.
    static let ignored: [StatusRow] = [
        StatusRow("none", "true"),
        StatusRow("by suffix", "echo '*.o' >.gitignore"),
        StatusRow("by name", "echo target >.gitignore"),
        StatusRow("from the root", "printf '/target\\n/x.o\\n/y.o\\n' >.gitignore"),
        StatusRow("directories only", "printf 'target/\\n.env/\\n' >.gitignore"),
        StatusRow("with a path", "printf 'u/v/z.o\\ntarget/debug\\n' >.gitignore"),
        StatusRow("a file that is taken out again", "printf '*.o\\n!z.o\\n' >.gitignore"),
        StatusRow("not below an ignored directory", "printf '/u\\n!u/v/keep\\n' >.gitignore"),
        StatusRow("all directories", "printf '*/\\n' >.gitignore"),
        StatusRow("all directories but one", "printf '*/\\n!w/\\n' >.gitignore"),
        StatusRow("everything but one", "printf '*\\n!*/\\n!keep\\n' >.gitignore"),
        StatusRow("in a directory", "printf '*.o\\n' >u/.gitignore; printf '!z.o\\n' >u/v/.gitignore"),
        StatusRow("deeper files weigh more", "printf '*.o\\nkeep\\n' >.gitignore; printf '!*.o\\n' >u/v/.gitignore"),
        StatusRow(
            "in a tracked directory",
            "touch crates/x/a.o crates/x/b; echo '*.o' >crates/.gitignore; git add crates/.gitignore"),
        StatusRow(
            "a tracked directory that is ignored",
            "mkdir crates/n; touch crates/n/f crates/x/f; echo /crates >.gitignore; echo y >>crates/x/Cargo.toml"),
        StatusRow("a tracked file that is ignored", "echo a.txt >.gitignore; echo y >>a.txt"),
        StatusRow("any depth in front", "printf '**/z.o\\n**/debug\\n' >.gitignore"),
        StatusRow("any depth behind", "printf 'u/**\\ntarget/**/a\\n' >.gitignore"),
        StatusRow("any depth between", "printf 'u/**/z.o\\nu/**/y.o\\n' >.gitignore"),
        StatusRow("one component", "printf 'u/*/z.o\\n*/x.o\\n' >.gitignore"),
        StatusRow("question marks and sets", "printf '?.o\\n[^a-c]ebug\\n.[a-e]n[vw]\\nu/[u-w]/*\\n' >.gitignore"),
        StatusRow(
            "comments, empty lines, spaces, CR LF",
            "printf '# x.o\\n\\n   \\n*.o  \\r\\ntarget\\r\\n/\\n!\\n//\\n' >.gitignore"),
        StatusRow("a mark of UTF-8 in front, no line end", "printf '\\357\\273\\277*.o\\ntarget' >.gitignore"),
        StatusRow("info/exclude", "printf '*.o\\n' >.git/info/exclude; printf '!y.o\\n' >.gitignore"),
        StatusRow(
            "the user's",
            "mkdir -p ../home/.config/git; printf '*.o\\n.env\\n' >../home/.config/git/ignore; printf '!x.o\\n' >.git/info/exclude"
        ),
        StatusRow("the user's, by setting", "printf '*.o\\n' >../mine; git config core.excludesFile $PWD/../mine"),
        StatusRow("the user's, below home", "printf '*.o\\n' >../home/mine; git config core.excludesFile '~/mine'"),
        StatusRow(
            "the user's, none",
            "mkdir -p ../home/.config/git; echo '*' >../home/.config/git/ignore; git config core.excludesFile ''"),
        StatusRow("the user's, relative", "echo '*.o' >mine; git config core.excludesFile mine", native: false),
        StatusRow("unusual, and it matters", "printf 'x\\\\.o\\n' >.gitignore", native: false),
        StatusRow("unusual, and it does not", "git add .; printf 'x\\\\.o\\n' >.gitignore; git add .gitignore"),
        StatusRow("two stars in a name", "printf 'u**/z.o\\n' >.gitignore", native: false),
        StatusRow("a named class", "printf '[[:alpha:]].o\\n' >.gitignore", native: false),
        StatusRow("a NUL", "printf 'x.o\\0/\\n' >.gitignore", native: false),
        StatusRow("a symlink", "echo '*.o' >rules; ln -s rules .gitignore", native: false),
        StatusRow("a directory", "mkdir .gitignore", native: false),
        StatusRow(
            "a repository inside",
            "git init -q u; git init -q n; git -C n commit -q --allow-empty -m x; echo /w >.gitignore; git init -q w"),
        StatusRow("a repository inside an ignored directory", "git init -q target/n; echo target >.gitignore"),
        StatusRow("a .git that is none", "mkdir u/.git; echo x >w/.git", native: false),
        StatusRow("a .git in a tracked directory", "mkdir crates/.git; echo x >crates/.git/x"),
        StatusRow("an unreadable directory", "mkdir u/n; chmod 0 u/n", native: nil),
    ]

    /// What is left to git, and settings.
    static let special: [StatusRow] = [
        StatusRow(
            "a conflict", "git switch -qc s HEAD~1; echo s >a.txt; git commit -qam s; git merge -q main || true",
            native: false),
        StatusRow("a rename", "git mv a.txt b.txt", native: false),
        StatusRow("added and deleted, no rename", "git rm -q a.txt; seq 100 >n; git add n", native: false),
        StatusRow("a directory becomes a symlink", "mv crates.d other; ln -s other crates.d", native: false),
        StatusRow(
            "a directory becomes a symlink in a circle", "rm -r crates.d; ln -s crates.d crates.d", native: false),
        StatusRow("intent to add", "echo x >n; git add -N n", native: false),
        StatusRow("assumed unchanged", "git update-index --assume-unchanged a.txt; echo x >>a.txt", native: false),
        StatusRow("skipped", "git update-index --skip-worktree a.txt; rm a.txt", native: false),
        StatusRow("a sparse checkout", "git sparse-checkout set crates", native: false),
        StatusRow("a split index", "git update-index --split-index; echo x >n; git add n", native: false),
        StatusRow(
            "a submodule",
            "git init -q ../lib; git -C ../lib commit -q --allow-empty -m x; git -c protocol.file.allow=always submodule -q add ../lib; git commit -qm s; echo x >lib/n",
            native: false),
        StatusRow(
            "a submodule only in HEAD",
            "git init -q l; git -C l commit -q --allow-empty -m x; git add l 2>/dev/null; git commit -qm s; git rm -q --cached l",
            native: false),
        StatusRow("no commit yet", "git checkout -q --orphan new; echo x >n; git add n", native: false),
        StatusRow("no index", "rm .git/index", native: false),
        StatusRow(
            "a broken HEAD", "git update-ref --no-deref HEAD HEAD; git rev-parse HEAD >/dev/null; git read-tree HEAD~1",
            native: true),
        StatusRow(
            "CR LF: converted",
            "git config core.autocrlf true; printf 'one\\r\\ntwo\\r\\n' >a.txt; touch -d @1600000000 crates/x/Cargo.toml",
            native: nil),
        StatusRow(
            "CR LF: the same size",
            "printf 'a\\r\\n' >c; git add c; git commit -qm c; echo '*  text=auto' >.gitattributes; git add .; git commit -qm a; touch -d @1600000000 c",
            native: false),
        StatusRow(
            "text without CR",
            "echo '* text=auto' >.gitattributes; git add .; git commit -qm a; touch -d @1600000000 a.txt"),
        StatusRow("autocrlf without CR", "git config core.autocrlf input; touch -d @1600000000 a.txt"),
        StatusRow(
            "an attribute of another file",
            "echo '*.bin filter=f' >.gitattributes; git add .; git commit -qm a; touch -d @1600000000 a.txt"),
        StatusRow(
            "a filter",
            "git config filter.f.clean 'tr a-z A-Z'; git config filter.f.smudge 'tr A-Z a-z'; echo 'a.txt filter=f' >.gitattributes; touch -d @1600000000 a.txt",
            native: false),
        StatusRow(
            "a filter in info/attributes",
            "git config filter.f.clean 'tr a-z A-Z'; echo 'a.txt filter=f' >.git/info/attributes; touch -d @1600000000 a.txt",
            native: false),
        StatusRow(
            "a filter, and nothing to read",
            "git config filter.f.clean cat; echo 'a.txt filter=f' >.gitattributes; git add .; git commit -qm a; touch -d @1600000000 a.txt .gitattributes; git update-index -q --refresh"
        ),
        StatusRow(
            "an attribute file that is missing",
            "echo 'a.txt ident' >.gitattributes; git add .; git commit -qm a; rm .gitattributes; touch -d @1600000000 a.txt",
            native: false),
        StatusRow(
            "an attribute behind a mark of UTF-8",
            "printf 'a\\r\\n' >c; git add c; git commit -qm c; printf '\\357\\273\\277c text\\n' >.gitattributes; git add .; git commit -qm a; touch -d @1600000000 c",
            native: false),
        StatusRow(
            "an attribute of a name with white space that is none to git",
            "n=$(printf 'c\\013d\\fe'); printf 'a\\r\\n' >\"$n\"; git add .; git commit -qm c; echo \"$n text\" >.gitattributes; git add .; git commit -qm a; touch -d @1600000000 \"$n\"",
            native: false),
        StatusRow(
            "a macro",
            "printf '[attr]up filter=f\\n' >.gitattributes; printf '*.rs up\\n' >crates/.gitattributes; git config filter.f.clean 'tr a-z A-Z'; touch -d @1600000000 crates/x/src/main.rs",
            native: false),
        StatusRow("modes do not count", "git config core.fileMode false; chmod +x a.txt", native: false),
        StatusRow("no symlinks", "git config core.symlinks false; rm link; printf crates/x >link", native: false),
        StatusRow("names without case", "git config core.ignoreCase true; mv a.txt A.txt", native: false),
        StatusRow("less stat data", "git config core.checkStat minimal; cp -p a.txt c; mv c a.txt", native: false),
        StatusRow("replaced objects", "git replace HEAD HEAD~1", native: false),
        StatusRow(
            "the user's settings",
            "git config status.renames false; git config status.showUntrackedFiles no; git config diff.ignoreSubmodules all; git config status.branch true; git config status.showStash true; echo x >n; echo y >>a.txt; git stash -q; echo y >>run.sh"
        ),
        StatusRow(
            "worktree configuration",
            "git config extensions.worktreeConfig true; git config --worktree core.fileMode false; chmod +x a.txt",
            native: false),
        StatusRow(
            "an include on a condition",
            "printf '[core]\\nexcludesFile = /nowhere\\n' >../c; git config includeIf.gitdir:/nowhere/.path $PWD/../c; echo x >n",
            native: false),
        StatusRow(
            "an include that does not matter",
            "printf '[user]\\nname = x\\n' >../c; git config includeIf.gitdir:/nowhere/.path $PWD/../c; echo x >n"),
    ]
}
