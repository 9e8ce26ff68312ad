"""From the command to a finished `cargo build`: what all of it is for."""

import hashlib
import os
import shutil
import subprocess

from contest import Contestant, contest
from inputs import build, sample
from place import run
from workspaces import audit


def compiled(errors):
    """How many packages cargo has compiled, from what it said."""
    return sum(line.startswith("   Compiling ") for line in errors.splitlines())


def fingerprint(tree):
    """What must not change in a donor: every file's inode, mode, size, mtime and bytes."""
    digest = hashlib.sha256()
    for directory, names, files in os.walk(tree):
        names.sort()
        for name in sorted(files):
            path = os.path.join(directory, name)
            status = os.lstat(path)
            digest.update(f"{path}\0{status.st_ino} {status.st_mode} {status.st_size} {status.st_mtime_ns}\0".encode())
            if not os.path.islink(path):
                with open(path, "rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def whole(place, wt, rounds, sccache=None, kind="ext4"):
    """The sample workspace: a worktree, its build directory filled in several ways, and the first build. On other file
    systems than ext4 only with reflinks and with wt; None where there is none of that kind."""
    if not place.renew(kind) and kind != "ext4":
        return None
    donor = sample(place)
    build(donor)
    kept = place.path / "kept"
    run("cp", "-a", donor / "target", kept)
    worktree = place.path / "sample.topic"

    def prepare(_):
        # What the contestant before has done to the donor is not to help or hinder this one.
        shutil.rmtree(donor / "target")
        run("cp", "-a", kept, donor / "target")

    def clear(_):
        run("git", "worktree", "remove", "--force", worktree, directory=donor)
        run("git", "branch", "-D", "topic", directory=donor)

    def contestant(label, script, environment=None):
        def measured(_):
            before, used = fingerprint(donor / "target"), place.used()
            figures = place.timed(["sh", "-ec", script], directory=donor, environment=environment)
            return figures | {
                "bytes": place.used() - used, "compiled": compiled(figures["errors"]),
                "donor changed": int(fingerprint(donor / "target") != before)}

        return Contestant(label, measured, prepare=prepare, clear=clear)

    checkout = f'git worktree add --quiet -b topic "{worktree}"; '
    first_build = f'; cd "{worktree}"; cargo build'
    target = f'"{donor}/target" "{worktree}/target"'
    with_wt = contestant("wt new, then cargo build", f'"{wt}" new --quiet topic >&2' + first_build)
    if kind != "ext4":
        return contest("whole", f"the sample workspace, {kind}", [
            contestant(
                "git worktree add, cp -a --reflink target, cargo build",
                checkout + f"cp -a --reflink=always {target}" + first_build),
            with_wt,
        ], rounds, facts={"file system": place.file_system})
    contestants = [
        contestant("git worktree add, then cargo build", checkout + ":" + first_build),
        with_wt,
        contestant("… git worktree add, cp -al target", checkout + f"cp -al {target}" + first_build),
        contestant("… git worktree add, cp -a target", checkout + f"cp -a {target}" + first_build),
        contestant(
            "… git worktree add, rsync -a --link-dest",
            checkout + f'rsync -a --link-dest="{donor}/target/" "{donor}/target/" "{worktree}/target/"' + first_build),
        contestant(
            "… git worktree add, links by crate name",
            checkout + f'"{place.tools["link-by-crate-name"]}" "{donor}" "{worktree}"' + first_build),
    ]
    if sccache:
        # The round that does not count fills the cache. A server that cargo starts would keep cargo's output open.
        settings = {"SCCACHE_DIR": str(place.scratch / "sccache")}
        run(sccache, "--start-server", environment=settings, output=subprocess.DEVNULL)
        contestants.append(contestant(
            "… git worktree add, sccache warm", checkout + ":" + first_build,
            settings | {"RUSTC_WRAPPER": sccache, "CARGO_INCREMENTAL": "0"}))
    try:
        return contest(
            "whole", "the sample workspace", contestants, rounds, facts={"file system": place.file_system})
    finally:
        if sccache:
            run(sccache, "--stop-server")


def first_build(place, wt, workspace, label, rounds):
    """`cargo build` in a new worktree, against one in the donor that has nothing to do."""
    place.renew()
    donor = workspace(place)
    build(donor)

    def worktree(number):
        return donor.parent / f"{donor.name}.topic-{number}"

    def builds(directory):
        def measured(number):
            figures = place.timed(["cargo", "build"], directory=directory(number))
            return figures | {"compiled": compiled(figures["errors"])}

        return measured

    return contest("first build", label, [
        Contestant("cargo build in the donor, nothing to do", builds(lambda _: donor)),
        Contestant(
            "the first cargo build behind wt new", builds(worktree),
            prepare=lambda number: run(wt, "new", "--quiet", f"topic-{number}", directory=donor),
            clear=lambda number: run(wt, "rm", "--quiet", "--wait", f"topic-{number}", directory=donor)),
    ], rounds, facts={"file system": place.file_system})


WORKSPACES = {"the sample workspace": sample, "the audit workspace": audit}
