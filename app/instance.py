"""One program a folder: who starts it a second time brings the window of the first to the front.

The folder is claimed by a lock of the operating system, which ends with the process that holds it, however that ends.
A second start leaves a request in the folder, which the first takes away when it has seen it. No socket is opened.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from squid_core.claim import Claim, claim_folder
from squid_core.contracts.errors import SquidError
from squid_core.files import remove, write_atomically

REQUEST = "request.json"
ANSWER_SECONDS = 5.0  # that a program which is closing may take, or one that is busy
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Request:
    """What a second start was to do."""

    paths: tuple[Path, ...] = ()
    demo: bool = False


def claim(home: Path) -> Claim | None:
    """Take the folder for this process and as long as it lives; None where another has it."""
    own = claim_folder(home)
    if own is not None and own.lock is not None:
        remove(home / REQUEST)  # of a start that was not answered
    return own


def hand_over(home: Path, request: Request, patience: float = ANSWER_SECONDS) -> Claim | None:
    """Have the program that has the folder show its window and do what is asked.

    Args:
        home: the folder.
        request: what this start was to do.
        patience: seconds to wait for an answer.

    Returns:
        None when it has answered; the claim where it has ended instead.

    Raises:
        SquidError: it does not answer.
    """
    asked = {"paths": [os.fsencode(path).hex() for path in request.paths], "demo": request.demo}
    write_atomically(home / REQUEST, json.dumps(asked).encode(), private=True)
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if not (home / REQUEST).exists():
            return None
        if (own := claim(home)) is not None:
            return own
        time.sleep(POLL_SECONDS)
    remove(home / REQUEST)
    raise SquidError("SQUID Viewer is running already, but does not answer.", "End it, then start it again.")


def take_request(home: Path) -> Request | None:
    """What a second start has asked for; it is answered by being taken away. None where there is none."""
    path = home / REQUEST
    try:
        text = path.read_bytes()
        path.unlink()
    except OSError:
        return None
    with contextlib.suppress(ValueError, TypeError, KeyError):
        asked = json.loads(text)
        paths = tuple(Path(os.fsdecode(bytes.fromhex(name))) for name in asked["paths"])
        return Request(paths, bool(asked["demo"]))
    return Request()


def sentence(paths: Sequence[Path]) -> str:
    """What a second start says before it ends."""
    opened = " What you asked for is opened there." if paths else ""
    return f"SQUID Viewer is running already; its window was brought to the front.{opened}"
