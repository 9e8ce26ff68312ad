"""Checkout, list, removal and start, beside git."""

import os
import shutil
import time

from contest import Contestant, contest
from inputs import build, build_synthetic, repository_of, sample, add_source_files
from place import ENVIRONMENT, run
from workspaces import synthetic


def checkout(place, wt, files, rounds):
    """A new worktree, with the cache of the sample workspace beside it."""
    place.renew()
    donor = sample(place)
    add_source_files(donor, files)
    build(donor)

    def made(name, words):
        def measured(number):
            branch = f"{name}-{number}"
            return place.timed(words(branch), directory=donor)

        return measured

    def path(branch):
        return place.path / f"sample.{branch}"

    return contest("checkout", f"{files:,} files", [
        Contestant("git worktree add", made("git", lambda b: ["git", "worktree", "add", "--quiet", "-b", b, path(b)])),
        Contestant(
            "git worktree add, checkout.workers=2", made(
                "workers", lambda b: ["git", "-c", "checkout.workers=2", "worktree", "add", "--quiet", "-b", b, path(b)])),
        Contestant("wt new, warm cache included", made("wt", lambda b: [wt, "new", "--quiet", b])),
        Contestant("wt new --no-seed", made("cold", lambda b: [wt, "new", "--quiet", "--no-seed", b])),
    ], rounds, facts={"file system": place.file_system})


def listing(place, wt, worktrees, files, rounds):
    """All worktrees with their state, against `git status` in each."""
    place.renew()
    repository = repository_of(place, files)
    paths = [repository]
    for number in range(1, worktrees):
        paths.append(place.path / f"w{number}")
        run(wt, "new", "--quiet", "--path", paths[-1], f"w{number}", directory=repository)
    # The index is written again where git finds that its times have to be: not while somebody is timed.
    for path in paths:
        run("git", "status", "--porcelain", directory=path)
    names = place.scratch / "worktrees"
    names.write_text("".join(f"{path}\n" for path in paths))
    status = "git -C {} status --porcelain --branch"

    def runs(*words):
        return lambda _: place.timed(words, directory=repository)

    def each(workers):
        return runs("sh", "-c", f"xargs -P{workers} -I{{}} {status} <'{names}' >/dev/null")

    return contest("list", f"{worktrees} worktrees of {files:,} files", [
        Contestant("git status in each, in turn", each(1)),
        Contestant("git status in each, two at a time", each(2)),
        Contestant("git worktree list", runs("git", "worktree", "list")),
        Contestant("wt list", runs(wt, "list")),
        Contestant("wt list --no-size", runs(wt, "list", "--no-size")),
    ], rounds, facts={"file system": place.file_system})


def removal(place, wt, files, cache, rounds):
    """A worktree of `files` files goes, with a build directory of about `cache` files; until the command returns."""
    place.renew()
    donor = synthetic(place, cache)
    add_source_files(donor, files)
    in_cache = build_synthetic(donor)
    trash = donor / ".git/wt-trash"

    def path(name):
        return place.path / f"{donor.name}.{name}"

    def prepare(name):
        return lambda _: run(wt, "new", "--quiet", name, directory=donor)

    def forget(name):
        def cleared(_):
            # What wt deletes after it has returned is not to be on the time of the next.
            deadline = time.monotonic() + 120
            while trash.is_dir() and any(trash.iterdir()) and time.monotonic() < deadline:
                time.sleep(0.02)
            run("git", "worktree", "prune", directory=donor)
            # wt has taken its own along.
            if name != "wt":
                run("git", "branch", "--quiet", "-D", name, directory=donor)

        return cleared

    def removes(name, label, *words):
        return Contestant(
            label, lambda _: place.timed(words, directory=donor), prepare=prepare(name), clear=forget(name))

    return contest("removal", f"{files:,} files, {in_cache:,} in the cache", [
        Contestant("git worktree list", lambda _: place.timed(["git", "worktree", "list"], directory=donor)),
        removes("git", "git worktree remove", "git", "worktree", "remove", path("git")),
        removes("rm", "rm -rf", "rm", "-rf", path("rm")),
        removes("wt", "wt rm", wt, "rm", "wt"),
        removes("waits", "wt rm --wait", wt, "rm", "--wait", "--keep-branch", "waits"),
    ], rounds, facts={"file system": place.file_system})


def words_of_a_tab(place, wt, repository):
    """What bash calls when somebody types `wt switch ` and TAB: found by letting it call a script in wt's place."""
    instead = place.scratch / "instead"
    instead.mkdir(exist_ok=True)
    (instead / "wt").write_text(f"#!/bin/sh\nprintf '%s\\0' \"$@\" >'{place.scratch}/tab'\n")
    (instead / "wt").chmod(0o755)
    script = run(wt, "shell", "bash", "--completions")
    run(
        "bash", "-c", f"{script}\nCOMP_LINE='wt switch ' COMP_POINT=10\n__wt_complete wt '' switch", directory=repository,
        environment={"PATH": f"{instead}:{ENVIRONMENT['PATH']}"})
    return [wt, *(place.scratch / "tab").read_text().split("\0")[:-1]]


def start(place, wt, rounds):
    """What a call costs that has little to do, in a repository of 1,000 branches."""
    place.renew()
    repository = repository_of(place, 10)
    names = "".join(f"create refs/heads/topic/{number} HEAD\n" for number in range(1000))
    run("git", "update-ref", "--stdin", directory=repository, text=names)
    tab = words_of_a_tab(place, wt, repository)

    def runs(*words):
        return lambda _: place.timed(words, directory=repository)

    return contest("start", "one worktree, 1,000 branches", [
        Contestant("git --version", runs("git", "--version")),
        Contestant("wt --version", runs(wt, "--version")),
        Contestant("git worktree list", runs("git", "worktree", "list")),
        Contestant("wt list", runs(wt, "list")),
        Contestant("TAB behind wt switch", runs(*tab)),
    ], rounds)
