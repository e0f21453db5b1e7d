"""What a child measures of itself."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_peak_is_of_this_file_not_of_those_before() -> None:
    script = (
        "import numpy as np\n"
        "from squid_core.processes.child import peak_memory_mb, reset_peak_memory\n"
        "base = peak_memory_mb(); block = np.ones(80_000_000, np.uint8); high = peak_memory_mb()\n"
        "del block; reset_peak_memory(); print(high - base, peak_memory_mb() - base)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    during, after = map(float, done.stdout.split())
    assert during > 70
    assert after < 10
