import Testing

@testable import Worktrees

/// What files contain, what they are, and how they are called.
extension SameAsGitTests {
    /// Files with all kinds of line ends, and attributes for them.
    private static func lines(_ attributes: String, _ configuration: String = ":") -> String {
        """
        printf 'a\\r\\nb\\r\\n' > crlf.txt; printf 'a\\nb\\n' > lf.txt; printf 'a\\r\\nb\\n' > mixed.txt
        printf 'a\\000\\r\\nb\\n' > data.bin; mkdir -p sub; cp *.txt *.bin sub; cp lf.txt .early
        git -c core.autocrlf=false add .; \(attributes); git -c core.autocrlf=false add .; git commit -qm lines
        \(configuration)
        """
    }

    static let lineEnds: [Row] = [
        Row("lines, autocrlf true", isNative: false, lines(":", "git config core.autocrlf true")),
        Row("lines, autocrlf input", lines(":", "git config core.autocrlf input")),
        Row("lines, autocrlf false", lines(":", "git config core.autocrlf false")),
        Row("lines, eol crlf in the configuration", isNative: false, lines(":", "git config core.eol crlf")),
        Row("lines, eol=crlf", lines("echo '*.txt text eol=crlf' > .gitattributes")),
        Row("lines, eol=crlf below", isNative: false, lines("echo '* eol=crlf' > sub/.gitattributes")),
        Row(
            "lines, eol=crlf behind a mark of UTF-8",
            lines("printf '\\357\\273\\277*.txt text eol=crlf\\n' > .gitattributes")),
        Row("lines, eol=lf", lines("echo '*.txt text eol=lf' > .gitattributes")),
        Row("lines, text=auto", lines("echo '* text=auto' > .gitattributes")),
        Row(
            "lines, -text, autocrlf", isNative: false,
            lines("echo '* -text' > .gitattributes", "git config core.autocrlf true")),
        Row("lines, a macro", lines("printf '[attr]plain -text -diff\\n*.txt plain\\n' > .gitattributes")),
        Row(
            "lines, a macro that converts", isNative: false,
            lines("printf '[attr]dos text eol=crlf\\n*.txt dos\\n' > .gitattributes")),
        Row(
            "lines, info/attributes",
            lines("mkdir -p .git/info; echo '*.txt eol=crlf' > .git/info/attributes")),
        Row(
            "lines, core.attributesFile",
            lines(
                ":",
                "echo '*.txt eol=crlf' > ../attributes; git config core.attributesFile \"$(cd ..; pwd)/attributes\"")),
    ]

    /// A filter that git keeps running (gitattributes(5), "Long Running Filter Process").
    private static let process = #"""
        cat > ../process.pl <<'END'
        use strict; binmode STDIN; binmode STDOUT; $| = 1;
        sub get { my $n; read(STDIN, $n, 4) or exit; $n = hex $n; return undef if !$n; my $d; read(STDIN, $d, $n - 4); $d }
        sub put { my $d = shift; print sprintf("%04x", length($d) + 4), $d }
        sub list { my @l; while (defined(my $d = get())) { push @l, $d } @l }
        list(); put("git-filter-server\n"); put("version=2\n"); print "0000";
        list(); put("capability=clean\n"); put("capability=smudge\n"); print "0000";
        while (1) {
            my ($command) = map { /^command=(\w+)/ ? $1 : () } list(); my $text = join '', list();
            $text = $command eq 'smudge' ? uc $text : lc $text;
            put("status=success\n"); print "0000"; put($text) if length $text; print "0000"; print "0000";
        }
        END
        git config filter.up.process "perl '$(cd ..; pwd)/process.pl'"
        """#

    static let conversions: [Row] = [
        Row(
            "ident that was expanded",
            "echo '// $Id: old $' > src/id.rs; echo '*.rs ident' > .gitattributes; git add .; git commit -qm ident"),
        Row(
            "UTF-16",
            """
            echo '*.txt working-tree-encoding=UTF-16' > .gitattributes; git add .gitattributes; git commit -qm attributes
            printf 'a b c\\n' | iconv -f UTF-8 -t UTF-16 > wide.txt
            iconv -f UTF-8 -t UTF-16 < a.txt > b; mv b a.txt; git add .; git commit -qm wide
            """),
        Row(
            "UTF-16LE with a mark",
            """
            echo '*.wide working-tree-encoding=UTF-16LE-BOM eol=crlf' > .gitattributes; git add .; git commit -qm attributes
            printf '\\377\\376a\\000\\r\\000\\n\\000' > x.wide; git add .; git commit -qm wide
            """),
        Row(
            "a filter that is kept running",
            "\(process); echo '*.rs filter=up' > .gitattributes; git add .; git commit -qm filter"),
        Row(
            "a filter that is required",
            """
            git config filter.up.smudge 'tr a-z A-Z'; git config filter.up.clean 'tr A-Z a-z'
            git config filter.up.required true; echo '*.rs filter=up' > src/.gitattributes; git add .; git commit -qm f
            """),
        Row(
            "a filter that is not there",
            "echo '*.rs filter=nothing' > .gitattributes; git add .; git commit -qm filter"),
        Row(
            "Git LFS",
            """
            git lfs install --local > /dev/null; git lfs track '*.rs' > /dev/null
            rm src/lib.rs; echo large > src/lib.rs; git add .; git commit -qm large
            """),
        Row(
            "attributes of the user's place, which the new worktree does not have", NewOptions("topic"),
            git: ["PATH", "topic"]
        ) {
            try $0.sh("echo '* eol=crlf' > .gitattributes; git add .; git commit -qm attributes")
        },
        Row("no symlinks", isNative: false, "git config core.symlinks false"),
        Row("no file modes", "git config core.fileMode false"),
        Row(
            "a symlink to a directory, and through another",
            "ln -s src dir; ln -s dir/deep far; ln -s . here; git add .; git commit -qm links"),
        Row("a submodule, with submodule.recurse", NewOptions("new"), git: ["-b", "new", "PATH"]) {
            try $0.addSubmodule()
            try $0.sh("git config submodule.recurse true")
        },
        Row("a submodule that the branch does not have", NewOptions("topic"), git: ["PATH", "topic"]) {
            try $0.addSubmodule()
        },
        Row("a submodule without .gitmodules", NewOptions("new"), git: ["-b", "new", "PATH"]) {
            try $0.addSubmodule()
            try $0.sh("git rm -q --cached .gitmodules; git commit -qm 'no .gitmodules'")
        },
    ]

    static let fileNames: [Row] = [
        Row(
            "names that are no text",
            #"""
            touch "$(printf 'a\377b')" "$(printf 'new\nline')" 'say "x"' ' lead' 'trail ' 'dot.' '*' '?' '$x'
            touch -- -dash "$(printf 'tab\there')" "$(printf 'e\314\201')" "$(printf '\303\251')" "$(printf 'x%.0s' $(seq 255))"
            mkdir "$(printf 'd\376')" 'a dir '; touch "$(printf 'd\376')/$(printf '\200')" 'a dir /x'; ln -s "$(printf 'a\377b')" "$(printf 'l\375')"
            git add .; git commit -qm names
            """#),
        Row("a name with a backslash", isNative: false, #"touch 'back\slash'; git add .; git commit -qm names"#),
        Row(
            "names around directories",
            "mkdir a z z-y; touch a.b a0 a-b a/x 'a!' A a/a z/z z-y/z z.y zz; git add .; git commit -qm names"),
        Row("names that differ by case", "mkdir Src; touch Src/lib.rs LINK A.txt; git add .; git commit -qm names"),
        Row("names that composed differently, precomposing", "git config core.precomposeunicode true"),
        Row("a thousand files", "mkdir many; cd many; seq 1000 | xargs touch; git add .; git commit -qm many"),
        Row(
            "directories of every depth",
            "d=d; for i in $(seq 60); do mkdir $d; echo $i > $d/f; d=$d/d; done; git add .; git commit -qm deep"),
        Row("empty files", "mkdir e; touch e/a e/b e/c; chmod +x e/b; git add .; git commit -qm empty"),
        Row("a large file", "head -c 3000000 /dev/urandom > large; git add .; git commit -qm large"),
        Row("an empty tree", "git rm -rq .; git commit -qm nothing"),
        Row("one file", "git rm -rq .; echo x > x; git add x; git commit -qm one"),
        Row(
            "modes of old",
            "git update-index --add --cacheinfo 100664,$(git rev-parse HEAD:a.txt),old; git commit -qm old"),
    ]

    @Test(arguments: lineEnds + conversions) func everyContent(_ row: Row) throws { try compare(row) }
    @Test(arguments: fileNames) func everyFileName(_ row: Row) throws { try compare(row) }
}
