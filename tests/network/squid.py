"""The command line as a user has it: a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.network.peers import wait_for_port

SQUID = (sys.executable, "-m", "squid_core.cli")


def squid(*words: str | Path, seconds: float = 90.0) -> subprocess.CompletedProcess[str]:
    """`squid ...` to its end; its exit status is for the test to look at."""
    command = [*SQUID, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)


@contextlib.contextmanager
def squid_node(port: int, output: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`squid node` until the block ends, politely; it has to listen on `port`. What it says goes into a file."""
    with output.open("wb") as file:
        process = subprocess.Popen([*SQUID, "node"], stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        try:
            wait_for_port(port)
            yield process
            os.kill(process.pid, signal.SIGTERM)
            assert process.wait(20) == 0, output.read_text()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(20)
