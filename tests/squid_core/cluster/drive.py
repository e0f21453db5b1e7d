"""`squid` as a program of its own, whose workers load a detector of the tests: drive.py LOADER ARGUMENTS..."""

from __future__ import annotations

import functools
import sys

from squid_core import cli
from squid_core.cluster import triage
from tests.squid_core.cluster import cheap

if __name__ == "__main__":
    loader = getattr(cheap, sys.argv[1])
    triage.triage = functools.partial(triage.triage, loader=loader)
    sys.exit(cli.main(sys.argv[2:]))
