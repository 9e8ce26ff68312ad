"""What is measured on. The same bytes at every run, however large."""

import os
import pathlib
import shutil
import subprocess

from place import ENVIRONMENT, SCRIPTS, Failure, run

WORDS = (
    "let mut fn pub struct impl match Some None Ok Err return self value index count path name entry state buffer result "
    "error option vector string slice iter map filter collect unwrap clone"
).split()


class Random:
    """Park and Miller's generator: the same numbers everywhere."""

    def __init__(self, seed=4711):
        self.seed = seed

    def below(self, limit):
        self.seed = self.seed * 16807 % 2147483647
        return self.seed % limit


def source_text(number, random):
    """About 3 kB that resemble source text as far as compression goes."""
    lines = [f"// {number}"]
    for _ in range(20 + random.below(130)):
        lines.append(" ".join(f"{WORDS[random.below(len(WORDS))]}_{random.below(50)}" for _ in range(1 + random.below(8))) + " {")
    return "\n".join(lines) + "\n"


def add_source_files(repository, count):
    """`count` files below `tree`, 25 in a directory, packed, committed and checked out."""
    random = Random()
    # Written as one stream, since a commit of 100,000 loose files would take longer than the measurement.
    importer = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=repository, env=ENVIRONMENT, stdin=subprocess.PIPE)
    stream = importer.stdin
    stream.write(b"commit refs/heads/files\ncommitter bench <bench@example.invalid> 1700000000 +0000\ndata 5\nfiles")
    for number in range(count):
        text = source_text(number, random).encode()
        stream.write(f"\nM 100644 inline tree/d{number // 500}/e{number // 25}/f{number}.rs\ndata {len(text)}\n".encode())
        stream.write(text)
    stream.write(b"\n")
    stream.close()
    if importer.wait() != 0:
        raise Failure("git fast-import failed")
    run("git", "read-tree", "--prefix=tree/", "-u", "files:tree", directory=repository)
    run("git", "commit", "--quiet", "--message", "more files", directory=repository)
    run("git", "gc", "--quiet", directory=repository)


def repository_of(place, count):
    """A repository with nothing but `count` source files, in `place`."""
    repository = place.path / "repository"
    run("git", "init", "--quiet", "--initial-branch=main", repository)
    run("git", "commit", "--quiet", "--allow-empty", "--message", "empty", directory=repository)
    add_source_files(repository, count)
    return repository


def sample(place):
    """The workspace of scripts/demo, not built yet."""
    script = f'. "{SCRIPTS.parent}/lib.sh"; . "{SCRIPTS.parent}/sample-workspace.sh"; make_sample "$1"'
    run("bash", "-euo", "pipefail", "-c", script, "bench", place.path)
    return place.path / "sample"


def cargo(arguments, unit_layout=False):
    """The words of a cargo command, for the layout up to cargo 1.99 or the one by units from 1.100."""
    toolchain = ["+nightly"] if unit_layout else []
    return ["cargo", *toolchain, *arguments, *(["-Zbuild-dir-new-layout"] if unit_layout else [])]


def has_unit_layout():
    """Whether there is a cargo that has the layout by units and asks for a flag: a nightly of 1.97 to 1.99."""
    done = subprocess.run(["cargo", "+nightly", "-Z", "help"], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    return done.returncode == 0 and "build-dir-new-layout" in done.stdout


def build(repository, unit_layout=False, environment=None):
    """Builds it, checks that this left no trace that git sees, and returns the number of files in its `target`."""
    run(*cargo(["build", "--quiet"], unit_layout), directory=repository, environment=environment)
    if run("git", "status", "--porcelain", directory=repository):
        raise Failure(f"{repository} is not clean after its build")
    return files_in_target(repository)


def build_synthetic(repository, unit_layout=False):
    """Builds a workspace of `synthetic` with the compiler's stand-in, and returns the number of files in its `target`. Then
    cargo is asked without it, and has to find all as it should be."""
    empty = repository.parent / "empty"
    write(empty.with_suffix(".rs"), "#![no_std]\n")
    toolchain = ["+nightly"] if unit_layout else []
    for kind, suffix in (("link", "rlib"), ("metadata", "rmeta")):
        run(
            "rustc", *toolchain, "--crate-type=lib", f"--emit={kind}", "-Cembed-bitcode=no", "-Cstrip=debuginfo",
            "-o", empty.with_suffix(f".{suffix}"), empty.with_suffix(".rs"), directory=empty.parent)
    stand_in = repository.parent / "stand-in-for-rustc"
    run("cc", "-O2", "-o", stand_in, SCRIPTS / "stand-in-for-rustc.c")
    build(repository, unit_layout, {"RUSTC_WRAPPER": str(stand_in), "EMPTY": str(empty)})
    done = subprocess.run(
        cargo(["build"], unit_layout), cwd=repository, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode != 0 or "Compiling" in done.stderr:
        raise Failure(f"the stand-in has left what cargo does not take for compiled:\n{done.stderr}")
    return files_in_target(repository)


def files_in_target(repository):
    return sum(len(files) for _, _, files in os.walk(repository / "target"))


def copy_fixture(name, to):
    shutil.copytree(SCRIPTS.parent.parent / "Tests/TestSupport/Fixtures" / name, to, symlinks=True)


def write(path: pathlib.Path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
