"""Where the frozen program begins: one executable, the window or the command line by the name it is called by."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path


def main() -> int:
    """Run `squid` where that is the name, else `squid-viewer`; the exit code.

    A child (spawned under the executable's own name) does its work here and never returns.
    """
    multiprocessing.freeze_support()
    if Path(sys.argv[0]).stem == "squid":
        from squid_core.cli import main as command_line

        return command_line()
    from app.__main__ import main as window

    return window()


if __name__ == "__main__":
    sys.exit(main())
