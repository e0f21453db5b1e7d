"""Where the frozen program begins: one executable, the window or the command line by the name it is called by."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path


def main() -> int:
    """Run `squid` where that is the name, else `squid-viewer`; the exit code.

    A child (spawned under the executable's own name) does its work here and never returns.
    """
    multiprocessing.freeze_support()
    _leave_c_locale()
    if Path(sys.argv[0]).stem == "squid":
        from squid_core.cli import main as command_line

        return command_line()
    from app.__main__ import main as window

    return window()


def _leave_c_locale() -> None:
    """As Python does at its start (PEP 538) and the boot loader does not: Qt would complain of the C locale."""
    said = [os.environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if sys.platform.startswith("linux") and next(filter(None, said), "C") in ("C", "POSIX"):
        os.environ["LC_CTYPE"] = "C.UTF-8"


if __name__ == "__main__":
    sys.exit(main())
