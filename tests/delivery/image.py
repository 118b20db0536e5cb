"""The Dockerfile's steps, done one by one in a root folder of their own, without Docker.

The base image is stood for by this machine's own system: an overlay, of which nothing reaches the machine, with the
folder of this project and the machine's temporary files hidden. Its two stages are one here. Needs root, and a kernel
that lets it mount.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from recovery_match.embedded.folders import PROJECT
from tests.delivery import recipe

LET_GO = ["--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
BARE = {"PATH": f"{sys.base_prefix}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
PIP = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
TEMPORARY = Path("/tmp")  # noqa: S108
HIDDEN = (*([] if PROJECT.is_relative_to(TEMPORARY) else [str(PROJECT)[1:]]), "tmp", "var/tmp", "run/secrets")
MOUNT = """
set -e
mount -t tmpfs tmpfs {at} && cd {at} && mkdir upper work root
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root
chmod 755 root/root && mkdir -p root/run/secrets root/venv
for hidden in {hidden}; do [ -d "root/$hidden" ] && mount -t tmpfs tmpfs "root/$hidden"; done
mount -t proc proc root/proc
mount -t tmpfs tmpfs root/dev/shm
for device in null zero urandom random; do touch root/dev/$device && mount --bind /dev/$device root/dev/$device; done
echo ready
exec cat
"""
NO_INSTALL = """
set -e
cd {at}/root
for place in venv {prefix}; do mkdir -p "./$place" && mount --bind {prefix} "./$place"; done
"""


def can_be_made() -> bool:
    """Whether this machine lets us."""
    words = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    return os.geteuid() == 0 and subprocess.run(words, capture_output=True, check=False).returncode == 0


class Image:
    """The image, while it is open. ``install``: fetch the packages as the Dockerfile does; otherwise those that run the
    tests stand in their place."""

    def __init__(self, folder: Path, *, install: bool) -> None:
        self.environment, self.workdir, self.user = dict(BARE), "/", ""
        self.at = folder / "image"
        self.at.mkdir()
        script = MOUNT.format(at=self.at, hidden=" ".join(HIDDEN))
        self.holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.holder.stdout is not None
        assert self.holder.stdout.readline() == "ready\n"
        if not install:
            self._outside(NO_INSTALL.format(at=self.at, prefix=sys.prefix))
        for verb, rest in recipe.instructions():
            getattr(self, f"_{verb.lower()}")(rest, install)

    def close(self) -> None:
        """All that was mounted goes with the process that holds it."""
        self.holder.communicate()

    def _outside(self, script: str) -> None:
        """Among its mounts, from outside of its root."""
        subprocess.run([*self._enter(), "sh", "-c", script], check=True)

    def _enter(self) -> list[str]:
        return ["nsenter", f"--mount=/proc/{self.holder.pid}/ns/mnt", "--"]

    def words(self, *command: str, **more: str) -> list[str]:
        """What runs a command inside, as the image's user once there is one."""
        told = [f"{name}={value}" for name, value in {**self.environment, **more}.items()]
        there = ["sh", "-c", f'cd {self.workdir} && exec "$@"', "sh", *command]
        who = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", *LET_GO] if self.user else []
        return [*self._enter(), "chroot", str(self.at / "root"), *who, "env", "-i", *told, *there]

    def run(self, *command: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(self.words(*command, **more), capture_output=True, text=True, check=False)

    def lock(self, secrets: Path) -> None:
        """As the compose file starts it: nothing can be written but temporary files, and secrets are there to read."""
        steps = [
            f"mount --bind {secrets} run/secrets && mount -o remount,bind,ro run/secrets",
            *(f"mount -o remount,ro {place}" for place in HIDDEN if place not in ("tmp", "run/secrets")),
            "mount -t tmpfs -o mode=1777,size=64m tmpfs tmp",
            "mount -o remount,ro .",
        ]
        self._outside(f"set -e; cd {self.at}/root; {'; '.join(steps)}")

    def _from(self, rest: str, install: bool) -> None:
        """The stages share one root, and what one of them sets is not set in the next."""
        self.environment, self.workdir = dict(BARE), "/"

    def _env(self, rest: str, install: bool) -> None:
        for word in shlex.split(rest):
            name, _, value = word.partition("=")
            self.environment[name] = value.replace("$PATH", self.environment["PATH"])

    def _run(self, rest: str, install: bool) -> None:
        about_packages = "venv" in rest or "pip install" in rest
        if install or not about_packages:
            done = self.run("sh", "-c", rest, **(PIP if about_packages else {}))
            assert done.returncode == 0, done.stderr[-2000:]

    def _copy(self, rest: str, install: bool) -> None:
        if not rest.startswith("--from="):
            source, target = rest.split()
            there = self.at / "root" / self.workdir.lstrip("/")
            where = self.at / "root" / target.lstrip("/") if target.startswith("/") else there
            keep = f"tar --exclude=__pycache__ --create --file=- {source}"
            self._outside(f"cd {PROJECT} && {keep} | tar --extract --no-same-owner --directory={where}")

    def _workdir(self, rest: str, install: bool) -> None:
        self.workdir = rest
        self._outside(f"mkdir -p {self.at}/root{rest}")

    def _user(self, rest: str, install: bool) -> None:
        self.user = rest.partition(":")[0]

    def _expose(self, rest: str, install: bool) -> None:
        """Nothing to do."""

    def _cmd(self, rest: str, install: bool) -> None:
        """See `recipe.command`."""
