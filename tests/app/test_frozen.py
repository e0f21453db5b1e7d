"""One executable of two names: what it is called by says which program it is."""

from __future__ import annotations

import subprocess
import sys

import pytest

CALLED = "import sys; sys.argv[0] = sys.argv.pop(1); from app.frozen import main; sys.exit(main())"


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("squid", "squid"),
        ("/opt/Röntgen befund/squid", "squid"),
        ("squid.exe", "squid"),
        ("squid-viewer", "squid-viewer"),
        ("/usr/local/bin/squid-viewer", "squid-viewer"),
    ],
)
def test_the_name_says_which_program_it_is(name: str, program: str) -> None:
    command = [sys.executable, "-c", CALLED, name, "--help"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.split()[:2] == ["usage:", program]
