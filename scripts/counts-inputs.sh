# Makes what scripts/counts counts in: the same repositories and workspaces at every run, below `place`. Sourced after
# lib.sh.

# How many registry crates, and how many members with a library, a workspace of each size has.
small=4 large=20

# make_place: sets `place`, whose path is as long at every run, and `environment`, with which everything runs: nothing of
# the person's or the machine's but the programs.
make_place() {
    local program
    place=$(mktemp -d /tmp/wt-counts.XXXXXX)
    mkdir -p "$place"/{bin,home,tmp,log}
    for program in git cargo rustc cc; do ln -s "$(command -v "$program")" "$place/bin/$program"; done
    # As it is installed. Without its debug information, too, which valgrind cannot read.
    cp "$wt" "$place/bin/wt"
    strip "$place/bin/wt"
    environment=(
        PATH="$place/bin:/usr/bin:/bin" HOME="$place/home" TMPDIR="$place/tmp" LC_ALL=C TZ=UTC0
        # Sets are otherwise in another order at each start, and cost more or less to fill.
        SWIFT_DETERMINISTIC_HASHING=1
        CARGO_HOME="$place/home/cargo" CARGO_NET_OFFLINE=true RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"
        RUSTUP_AUTO_INSTALL=0 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
        GIT_AUTHOR_NAME=counts GIT_AUTHOR_EMAIL=counts@example.invalid GIT_AUTHOR_DATE="1700000000 +0000"
        GIT_COMMITTER_NAME=counts GIT_COMMITTER_EMAIL=counts@example.invalid GIT_COMMITTER_DATE="1700000000 +0000"
    )
    if [ -n "${RUSTUP_TOOLCHAIN:-}" ]; then environment+=(RUSTUP_TOOLCHAIN="$RUSTUP_TOOLCHAIN"); fi
}

# With the signals, limits and modes of files that most shells give.
hermetic() { (umask 022 && ulimit -S -n 1024 && exec env --default-signal -i "${environment[@]}" "$@"); }

# age WORKTREE: all its files are old, and its index knows them. Files that are as young as the index would be read again
# or not, depending on which of two clock ticks they were written at.
age() {
    find "$1" \( -name .git -o -path "$1/target" \) -prune -o -exec touch -h -d @1700000000 {} +
    # It would leave times as they are that differ by less than a second.
    hermetic git -C "$1" read-tree HEAD
    hermetic git -C "$1" update-index -q --refresh
}

# make_files NAME N: the repository $place/NAME/repository with N files of about 600 bytes, 25 in a directory.
make_files() {
    local repository=$place/$1/repository
    mkdir -p "$repository"
    hermetic git -C "$repository" init --quiet --initial-branch=main
    awk -v files="$2" 'BEGIN {
        print "commit refs/heads/main\ncommitter counts <counts@example.invalid> 1700000000 +0000\ndata 5\nfiles"
        for (file = 0; file < files; file++) {
            text = ""
            for (line = 0; line < 20; line++) text = text "line " line " of file " file % 997 * (line + 7) "\n"
            printf "M 100644 inline d%d/e%d/f%d.txt\ndata %d\n%s\n", file / 500, file / 25, file, length(text), text
        }
    }' | hermetic git -C "$repository" -c fastimport.unpackLimit=1 fast-import --quiet
    hermetic git -C "$repository" reset --quiet --hard
    age "$repository"
}

# crate DIRECTORY [LINE...]: a library whose manifest ends with these lines, with thirty types in it.
crate() {
    local directory=$1 name=${1##*/}
    mkdir -p "$directory/src"
    shift
    printf '%s\n' '[package]' "name = \"$name\"" 'version = "1.0.0"' 'edition = "2021"' "$@" >"$directory/Cargo.toml"
    awk 'BEGIN {
        for (n = 0; n < 30; n++) {
            printf "#[derive(Clone, Debug, Default, PartialEq)]\npub struct Part%d(pub u64, pub String, pub Vec<u8>);\n", n
            printf "impl Part%d { pub fn text(&self) -> String { format!(\"part %d: {:?}\", self) } }\n", n, n
        }
    }' >"$directory/src/lib.rs"
}

# make_registry: the crates that every workspace finds in the place of crates.io.
make_registry() {
    local n
    [ ! -d "$place/registry" ] || return 0
    mkdir -p "$place/.cargo"
    printf '%s\n' '[source.crates-io]' 'replace-with = "local"' '[source.local]' "directory = \"$place/registry\"" \
        >"$place/.cargo/config.toml"
    for ((n = 1; n <= large; n++)); do
        crate "$place/registry/outside-$n"
        echo '{"files":{},"package":null}' >"$place/registry/outside-$n/.cargo-checksum.json"
    done
    find "$place/registry" -exec touch -d @1700000000 {} +
}

# make_workspace NAME N CARGO-ARGUMENT...: the repository $place/NAME/repository, a workspace that is built: N members that
# each use a registry crate, a build script, a proc-macro, and a program.
make_workspace() {
    local repository=$place/$1/repository size=$2 n uses=()
    shift 2
    mkdir -p "$repository"
    for ((n = 1; n <= size; n++)); do
        crate "$repository/crates/inside-$n" '[dependencies]' "outside-$n = \"1\""
        uses+=("inside-$n = { path = \"../inside-$n\" }")
    done
    crate "$repository/crates/made"
    echo 'include!(concat!(env!("OUT_DIR"), "/made.rs"));' >>"$repository/crates/made/src/lib.rs"
    cat >"$repository/crates/made/build.rs" <<'END_OF_SCRIPT'
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let file = std::path::Path::new(&std::env::var_os("OUT_DIR").unwrap()).join("made.rs");
    std::fs::write(file, "pub const MADE: u32 = 7;\n").unwrap();
}
END_OF_SCRIPT
    crate "$repository/crates/macros" '[lib]' 'proc-macro = true'
    printf '%s\n' 'use proc_macro::TokenStream;' '#[proc_macro]' 'pub fn seven(_: TokenStream) -> TokenStream {' \
        '    "7".parse().unwrap()' '}' >"$repository/crates/macros/src/lib.rs"
    crate "$repository/crates/app" '[dependencies]' 'made = { path = "../made" }' 'macros = { path = "../macros" }' "${uses[@]}"
    rm "$repository/crates/app/src/lib.rs"
    echo 'fn main() { println!("{} {}", made::MADE, macros::seven!()); }' >"$repository/crates/app/src/main.rs"
    printf '%s\n' '[workspace]' 'resolver = "2"' 'members = ["crates/*"]' >"$repository/Cargo.toml"
    echo /target >"$repository/.gitignore"
    (
        cd "$repository"
        hermetic cargo generate-lockfile --offline --quiet
        hermetic git init --quiet --initial-branch=main
        hermetic git add --all
        hermetic git commit --quiet --message 'a workspace'
        age "$repository"
        hermetic env "$@" cargo build --quiet
    )
}

# What decides the counts beside wt's sources, for the table.
versions() {
    local flags
    flags=$(sed -n '/^flags/ { s/.*: //p; q; }' /proc/cpuinfo)
    echo "version program $(if LC_ALL=C ldd "$wt" >/dev/null 2>&1; then echo dynamic; else echo static; fi)"
    echo "version swift $(swift --version 2>/dev/null | sed -n 's/.*Swift version \([^ ]*\).*/\1/p')"
    echo "version libgit2 $(pkg-config --modversion libgit2)"
    echo "version libcrypto $(pkg-config --modversion libcrypto)"
    echo "version libc $(getconf GNU_LIBC_VERSION)"
    echo "version git $(git --version | sed 's/git version //')"
    echo "version cargo $(cargo --version | sed 's/cargo //')"
    echo "version rustc $(rustc --version | sed 's/rustc //')"
    echo "version valgrind $(valgrind --version)"
    # Which of several forms of a function libraries choose.
    echo "version machine $(uname -m)$(case " $flags " in *" avx2 "*) echo " with avx2" ;; esac)"
    echo "version file-system $(stat --file-system --format=%T "$place")"
    echo one >"$place/tmp/one"
    echo "version reflinks $(if cp --reflink=always "$place/tmp/one" "$place/tmp/two" 2>/dev/null; then echo yes; else echo no; fi)"
}
