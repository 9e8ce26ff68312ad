"""Where a benchmark happens: an empty file system of its own, and how programs are run and timed there."""

import atexit
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SCRIPTS = pathlib.Path(__file__).resolve().parent

# Nothing of the user's configuration has a say, and every repository has the same commits.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("GIT_", "CARGO_TARGET", "CARGO_BUILD", "CARGO_PROFILE", "RUSTC", "RUSTFLAGS", "SCCACHE"))
} | {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "bench",
    "GIT_AUTHOR_EMAIL": "bench@example.invalid",
    "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_NAME": "bench",
    "GIT_COMMITTER_EMAIL": "bench@example.invalid",
    "GIT_COMMITTER_DATE": "1700000000 +0000",
    "CARGO_NET_OFFLINE": "true",
    "LC_ALL": "C",
}


class Failure(Exception):
    """Something that a benchmark needs did not work. The text says what."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(*words, directory=None, environment=None, text=None, output=subprocess.PIPE):
    """Runs a program that is not timed, and returns what it printed. Raises `Failure` when it fails."""
    done = subprocess.run(
        [str(word) for word in words], cwd=directory, env=ENVIRONMENT | (environment or {}), input=text, stdout=output,
        stderr=output, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"'{' '.join(map(str, words))}': status {done.returncode}\n{(done.stderr or '').strip()}")
    return done.stdout


class Place:
    """A directory of its own for each input, on a fresh file system where that can be had (as root, with loop devices):
    on an aged one, the runs before decide what the next one takes."""

    def __init__(self):
        temporary = os.environ.get("TMPDIR", "/tmp")
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="wt-bench.", dir=temporary)).resolve()
        self.path = self.scratch / "place"
        self.file_system = None
        self.mounted = False
        atexit.register(self.remove)
        self.tools = {}
        for name in ("stopwatch", "limit"):
            self.tools[name] = self.scratch / name
            run("cc", "-O2", "-o", self.tools[name], SCRIPTS / f"{name}.c")
        self.tools["link-by-crate-name"] = SCRIPTS / "link-by-crate-name"

    def renew(self, kind="ext4"):
        """An empty `path`, on a fresh file system of that kind. False when there is none to be had, and then `path` is an
        empty directory of the file system below, or for another kind than ext4 not to be used."""
        self.unmount()
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir()
        image = self.scratch / "image"
        image.unlink(missing_ok=True)
        self.file_system = None
        if os.geteuid() != 0:
            return False
        with open(image, "wb") as file:
            file.truncate(48 << 30)
        make = {
            # Its usual share of inodes would not do for many worktrees of small files.
            "ext4": ["mkfs.ext4", "-q", "-F", "-i", "8192"],
            "btrfs": ["mkfs.btrfs", "-q"], "xfs": ["mkfs.xfs", "-q", "-m", "reflink=1"]}
        try:
            run(*make[kind], image)
            # Blocks that are free again go back to the disk below, which is smaller than the image.
            run("mount", "-o", "loop,discard", image, self.path)
        except (Failure, FileNotFoundError):
            image.unlink()
            return False
        self.mounted = True
        self.file_system = kind
        return True

    def unmount(self):
        if self.mounted:
            run("umount", self.path)
            self.mounted = False

    def remove(self):
        try:
            self.unmount()
        finally:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def used(self):
        """Bytes that the file system has in use, once all is written."""
        os.sync()
        status = os.statvfs(self.path)
        return (status.f_blocks - status.f_bfree) * status.f_frsize

    def timed(self, words, directory=None, environment=None, status=(0,)):
        """Seconds, CPU seconds and kilobytes of a run. Raises `Failure` when it ends with another status."""
        figures = self.scratch / "figures"
        # What the run before has left to be written would be written on this one's time.
        os.sync()
        done = subprocess.run(
            [str(word) for word in [self.tools["stopwatch"], figures, *words]], cwd=directory,
            env=ENVIRONMENT | (environment or {}), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode not in status:
            raise Failure(f"'{' '.join(map(str, words))}': status {done.returncode}\n{done.stderr.strip()}")
        wall, user, system, kilobytes = figures.read_text().split()
        return {
            "seconds": float(wall), "cpu": float(user) + float(system), "kilobytes": int(kilobytes), "errors": done.stderr}
