"""How long it takes to fill a worktree's build directory, and what that writes."""

import os
import shutil

from contest import Contestant, contest
from inputs import files_in_target
from place import Failure, run

LIMIT = "the limit: the same links and copies, from a list"


def list_of_what_is_made(donor, recipient):
    """The list for `limit`: all that is in the recipient, link or copy as it was found, directory by directory; and how many
    of each."""
    lines, counts = [], {"directories": 0, "links": 0, "copies": 0, "without original": 0}

    def add(relative):
        lines.append(f"D {relative}")
        counts["directories"] += 1
        below = []
        with os.scandir(recipient / relative) as entries:
            found = sorted(entries, key=lambda entry: entry.inode())
        for entry in found:
            path = f"{relative}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                below.append(path)
                continue
            try:
                original = os.lstat(donor / path)
            except FileNotFoundError:
                counts["without original"] += 1
                continue
            if entry.is_symlink():
                lines.append(f"S {entry.name}")
            elif entry.inode() == original.st_ino:
                lines.append(f"L {entry.name}")
                counts["links"] += 1
            else:
                lines.append(f"C {entry.name}")
                counts["copies"] += 1
        for path in below:
            add(path)

    add("target")
    return "\n".join(lines) + "\n", counts


# From so many files on only those that there are targets for: the others would take a third of the whole run.
FEW = 20000


def populating(place, wt, donor, input_name, rounds, reflinks=False):
    """Every way to fill `target` of a worktree that was checked out before, from a donor that is built already."""
    files = files_in_target(donor)
    home = donor.parent

    def worktree(name):
        path = home / f"{donor.name}.{name}"
        if not path.exists():
            run(wt, "new", "--quiet", "--no-seed", name, directory=donor)
        return path

    def clear(path):
        shutil.rmtree(path / "target", ignore_errors=True)

    def seed(path):
        return [wt, "seed", "--quiet", "-C", path]

    recipient = worktree("wt")
    run(*seed(recipient))
    text, counts = list_of_what_is_made(donor, recipient)
    if counts["links"] == 0 or counts["without original"] > 0:
        raise Failure(f"the seeded worktree is not what was expected: {counts}")
    clear(recipient)
    names = place.scratch / "list"
    names.write_text(text)

    def contestant(name, label, words, status=(0,)):
        path = worktree(name)

        def measured(_):
            before = place.used()
            figures = place.timed(words(path), directory=donor, status=status)
            return figures | {"bytes": place.used() - before}

        return Contestant(label, measured, clear=lambda _: clear(path))

    def limit(path):
        return ["sh", "-c", f'exec "{place.tools["limit"]}" "{donor}" "{path}" <"{names}"']

    contestants = [
        contestant("limit", LIMIT, limit),
        # Some units cannot be proven to be right for another place, and stay cold: that is a warning, not a failure.
        contestant("wt", "wt seed", seed, status=(0, 2)),
        contestant("links", "cp -al", lambda path: ["cp", "-al", donor / "target", path / "target"]),
    ]
    if files < FEW:
        contestants += [contestant(
            "copies", "cp -a", lambda path: ["cp", "-a", "--reflink=never", donor / "target", path / "target"])]
    if reflinks:
        contestants += [contestant(
            "reflinks", "cp -a --reflink", lambda path: ["cp", "-a", "--reflink=always", donor / "target", path / "target"])]
    elif files < FEW:
        contestants += [
            contestant(
                "rsync", "rsync -a --link-dest",
                lambda path: ["rsync", "-a", f"--link-dest={donor}/target/", f"{donor}/target/", f"{path}/target/"]),
            contestant(
                "names", "a script: links by crate name", lambda path: [place.tools["link-by-crate-name"], donor, path]),
        ]
    table = contest("populating", input_name, contestants, rounds, LIMIT, counts)
    table.facts["files"] = files
    table.facts["file system"] = place.file_system
    return table


def populating_table(place, wt, workspace, build, unit_layout, label, rounds, kind="ext4"):
    """A fresh place with the workspace that `workspace(place)` makes and `build` builds, and the table; None where that kind of
    file system cannot be had."""
    if not place.renew(kind) and kind != "ext4":
        return None
    donor = workspace(place)
    build(donor, unit_layout)
    layout = "unit layout" if unit_layout else "legacy layout"
    return populating(place, wt, donor, f"{label}, {layout}, {kind}", rounds, reflinks=kind != "ext4")
