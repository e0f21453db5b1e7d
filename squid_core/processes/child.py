"""What a child process does for itself before its work: stand back, keep within limits, measure."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

NICENESS = 5


def yield_to_the_window() -> None:
    """Let the window go first where processors are few (POSIX)."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.nice(NICENESS)


def limit_memory(data_bytes: int) -> None:
    """Bound this process's private memory, and let it leave no core file, which would hold a patient's data."""
    if sys.platform == "win32":
        return
    import resource

    for kind, value in ((resource.RLIMIT_DATA, data_bytes), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):
            _, hard = resource.getrlimit(kind)
            bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (bound, hard))


def reset_peak_memory() -> None:
    """Start counting the peak of resident memory anew, where the system can (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory_mb() -> float:
    """Peak of resident memory in MB since the last reset; since the process began where it cannot be reset."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024
