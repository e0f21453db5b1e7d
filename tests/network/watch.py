"""What a program does with sockets, seen from outside: every call of its Python, and what the system says it holds."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import psutil

# Every interpreter of the tree runs it at its start, spawned children too.
HOOK = """
import os, socket, sys

def _seen(event, args):
    if event in ("socket.bind", "socket.connect", "socket.sendto") and args[0].family != getattr(socket, "AF_UNIX", -1):
        with open(os.environ["SQUID_TEST_SOCKETS"], "a") as file:
            file.write(f"{event} {args[1]}\\n")

sys.addaudithook(_seen)
"""


class SocketWatch:
    """Watches programs that are started with its `environment`.

    Args:
        folder: for what was seen; it is the test's own.
    """

    def __init__(self, folder: Path) -> None:
        (folder / "hook").mkdir(parents=True)
        (folder / "hook" / "sitecustomize.py").write_text(HOOK)
        self._seen = folder / "seen"
        self._seen.touch()
        there = os.environ.get("PYTHONPATH", "")
        python_path = os.pathsep.join(part for part in (str(folder / "hook"), there) if part)
        self.environment = os.environ | {"PYTHONPATH": python_path, "SQUID_TEST_SOCKETS": str(self._seen)}

    @property
    def calls(self) -> list[str]:
        """What was bound and connected, in order; sockets of files (AF_UNIX) are left out."""
        return self._seen.read_text().splitlines()


def sockets_of(pid: int) -> list[str]:
    """Sockets of a network that a process and all its children hold now, as the system lists them."""
    found = []
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                found += [f"{held.laddr} {held.raddr} {held.status}" for held in one.net_connections(kind="inet")]
    return found
