"""The benchmark's options, its tables in order, and where a run is kept. Started by scripts/bench."""

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import shutil
import sys

import building
import populating
import report
import worktrees
from contest import Row, Table
from inputs import build, build_synthetic, has_unit_layout
from place import Failure, Place, run, say
from readme import readme
from workspaces import audit, synthetic

TABLES = ["start", "list", "removal", "checkout", "populating", "first-build", "whole"]


def tables(options, place, wt):
    """The tables that were asked for, one after the other, each as soon as it is measured."""
    chosen, rounds = options.table or TABLES, options.rounds
    unit = has_unit_layout()
    if not unit:
        say("no nightly cargo with -Zbuild-dir-new-layout: the unit layout is not measured")
    if "start" in chosen:
        yield worktrees.start(place, wt, max(rounds, 21))
    if "list" in chosen:
        for count, files in options.worktrees or [(20, 3000), (200, 1000)]:
            yield worktrees.listing(place, wt, count, files, rounds)
    if "removal" in chosen:
        for files, cache in ((100, 100), (100, 10000), (20000, 100)):
            yield worktrees.removal(place, wt, files, cache, rounds)
    if "checkout" in chosen:
        for files in options.files or [1000, 20000, 100000]:
            yield worktrees.checkout(place, wt, files, rounds)
    if "populating" in chosen:
        for unit_layout in (False, True) if unit else (False,):
            for files in options.cache or [1000, 10000, 50000]:
                yield populating.populating_table(
                    place, wt, lambda place, files=files: synthetic(place, files), build_synthetic,
                    unit_layout, f"synthetic, {files:,} files", rounds)
        for kind in ("btrfs", "xfs"):
            yield populating.populating_table(
                place, wt, lambda place: synthetic(place, 5000), build_synthetic, False, "synthetic, 5,000 files", rounds, kind)
        yield populating.populating_table(place, wt, audit, build, False, "the audit workspace", rounds)
    if "first-build" in chosen:
        for label, workspace in building.WORKSPACES.items():
            yield building.first_build(place, wt, workspace, label, rounds)
    if "whole" in chosen:
        yield building.whole(place, wt, rounds, shutil.which("sccache"))
        for kind in ("btrfs", "xfs"):
            yield building.whole(place, wt, rounds, kind=kind)


def machine():
    """What the figures hold for."""
    def first_line(*words):
        try:
            return run(*words).splitlines()[0]
        except (Failure, FileNotFoundError, IndexError):
            return None

    processor = memory = None
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        processor = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), None)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    system = platform.freedesktop_os_release().get("PRETTY_NAME") if hasattr(platform, "freedesktop_os_release") else None
    return {
        "cores": os.cpu_count(), "processor": processor, "memory": memory, "system": system, "kernel": platform.release(),
        "git": first_line("git", "--version"), "cargo": first_line("cargo", "--version"),
        "nightly": first_line("cargo", "+nightly", "--version"), "rsync": first_line("rsync", "--version"),
        "sccache": first_line("sccache", "--version"), "coreutils": first_line("cp", "--version")}


def kept(path):
    """The tables of a stored run, and all that was stored."""
    stored = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    return [Table(**(table | {"rows": [Row(**row) for row in table["rows"]]})) for table in stored["tables"]], stored


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures wt beside what one would use instead.")
    parser.add_argument("--table", action="append", choices=TABLES, help="measure only this; several times for several")
    parser.add_argument("--rounds", type=int, default=7, help="rounds, after one that does not count (default: 7)")
    parser.add_argument("--files", action="append", type=int, help="checkout: files of the repository")
    parser.add_argument("--cache", action="append", type=int, help="populating: files of the synthetic target")
    parser.add_argument("--worktrees", action="append", nargs=2, type=int, metavar=("N", "FILES"), help="list: how many")
    parser.add_argument("--json", type=pathlib.Path, help="keep every figure in this file")
    parser.add_argument("--show", type=pathlib.Path, metavar="FILE", help="measure nothing; print a stored run")
    parser.add_argument("--readme", type=pathlib.Path, metavar="FILE", help="measure nothing; a stored run as Markdown")
    parser.add_argument("--wt", help=argparse.SUPPRESS)
    parser.add_argument("--revision", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.readme:
        print(readme(*kept(options.readme)))
        return
    if options.show:
        shown, _ = kept(options.show)
        print("\n\n".join([*map(report.text, shown), report.closing(shown)]))
        return
    started = datetime.datetime.now(datetime.timezone.utc)

    def minutes():
        return round((datetime.datetime.now(datetime.timezone.utc) - started).total_seconds() / 60)

    done = []
    for table in tables(options, Place(), options.wt):
        if table is None:
            continue
        done.append(table)
        print(report.text(table) + "\n", flush=True)
        # After each table: what a later one trips over does not take these along.
        if options.json:
            options.json.write_text(json.dumps({
                "date": started.strftime("%Y-%m-%d"), "revision": options.revision, "minutes": minutes(),
                "machine": machine(), "tables": [dataclasses.asdict(table) for table in done]}, indent=1) + "\n")
    print(report.closing(done))
    print(f"{minutes()} minutes")


try:
    main()
except Failure as failure:
    sys.exit(f"scripts/bench: {failure}")
