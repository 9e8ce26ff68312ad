"""Cargo workspaces: one of any size, and the large one of the tests."""

import json
import shutil

from inputs import copy_fixture, write
from place import Failure, run

DEBIAN = "/usr/share/cargo/registry"


def commit(repository):
    run("git", "init", "--quiet", "--initial-branch=main", repository)
    run("git", "add", "--all", directory=repository)
    run("git", "commit", "--quiet", "--message", "all", directory=repository)


def use_registry(place, directory):
    write(
        place.path / ".cargo/config.toml",
        f'[source.crates-io]\nreplace-with = "local"\n[source.local]\ndirectory = "{directory}"\n')


def synthetic(place, files):
    """A workspace whose `target` has about `files` files once it is built: tiny crates, 95 of 100 from a registry, in a tree in
    which each depends on eight. Without debug information and incremental compilation, which would be most of the time
    that it takes to make, and which nobody takes along."""
    # A library of a registry has seven files, one of the workspace nine.
    crates = max(8, round(files / 7.2))
    members = max(2, crates // 20)
    registry = place.path / "registry"
    for number in range(crates - members):
        name = f"part{number}"
        below = [below for below in range(8 * number + 1, 8 * number + 9) if below < crates - members]
        dependencies = "".join(f'part{other} = "1"\n' for other in below)
        write(
            registry / name / "Cargo.toml",
            f'[package]\nname = "{name}"\nversion = "1.0.0"\nedition = "2021"\n[dependencies]\n{dependencies}')
        write(registry / name / "src/lib.rs", f"#![no_std]\npub const NUMBER: u32 = {number};\n")
        write(registry / name / ".cargo-checksum.json", json.dumps({"files": {}, "package": "0" * 64}))
    use_registry(place, registry)
    repository = place.path / "synthetic"
    write(
        repository / "Cargo.toml",
        '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n[profile.dev]\ndebug = 0\nincremental = false\n')
    write(repository / ".gitignore", "/target\n")
    for number in range(members):
        dependencies = f'part{number} = "1"\n'
        if number:
            dependencies += f'member{(number - 1) // 8} = {{ path = "../member{(number - 1) // 8}" }}\n'
        write(
            repository / f"crates/member{number}/Cargo.toml",
            f'[package]\nname = "member{number}"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n{dependencies}')
        write(repository / f"crates/member{number}/src/lib.rs", f"#![no_std]\npub const NUMBER: u32 = {number};\n")
    run("cargo", "generate-lockfile", "--offline", "--quiet", directory=repository)
    commit(repository)
    return repository


def audit(place):
    """The large workspace of the tests: 12 members, 154 packages of Debian's, every kind of unit. Sources only."""
    registry = place.path / "registry"
    shutil.copytree(DEBIAN, registry, symlinks=True)
    # Takes a compiler of today for one whose unstable features it knows, and uses some that are gone.
    script = registry / "proc-macro2-1.0.47/build.rs"
    text = script.read_text()
    adapted = text.replace(
        'let nightly = version.contains("nightly") || version.contains("dev");', "let nightly = false;")
    if adapted == text:
        raise Failure(f"{script} is not the version that this was written for")
    script.write_text(adapted)
    use_registry(place, registry)
    copy_fixture("AuditWorkspace/git-dependency", place.path / "git-dependency")
    commit(place.path / "git-dependency")
    copy_fixture("AuditWorkspace/tree", place.path / "tree")
    repository = place.path / "tree/repository"
    for name in ("Cargo.toml", "src"):
        (repository / "patched/lazy_static").mkdir(parents=True, exist_ok=True)
        run("cp", "-a", registry / "lazy_static-1.4.0" / name, repository / "patched/lazy_static" / name)
    manifest = repository / "crates/tool/Cargo.toml"
    manifest.write_text(manifest.read_text().replace("@GIT@", f"file://{place.path}/git-dependency"))
    # Cloning the git dependency needs a cargo that may go online, even though it is a directory.
    online = {"CARGO_NET_OFFLINE": "false"}
    run("cargo", "generate-lockfile", "--quiet", directory=repository, environment=online)
    run("cargo", "fetch", "--locked", "--quiet", directory=repository, environment=online)
    commit(repository)
    return repository
