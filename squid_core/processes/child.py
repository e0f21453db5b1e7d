"""What a child process does for itself: answer calls, end with its parent, stand back, be silent and within limits."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

NICENESS = 5


def yield_to_the_window() -> None:
    """Let the window go first where processors are few (POSIX)."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.nice(NICENESS)


def be_silent() -> None:
    """Say nothing from now on: what libraries warn of, log and print may quote a file or an answer."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def shut_out_decoders() -> None:
    """Have this process load no decoder of pictures from now on, though pydicom looks for them: it decodes nothing."""
    for name in ("PIL", "pylibjpeg", "openjpeg", "rle", "jpeg_ls", "_CharLS", "gdcm", "libjpeg", "imagecodecs"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type] # whoever imports it is told that it is not there


def keeps_memory_limits() -> bool:
    """Whether the system keeps a process to what `limit_memory` allows; elsewhere whoever holds it must watch it.

    Windows has no such limit, macOS takes it and does not count mapped memory (setrlimit(2)).
    """
    return sys.platform == "linux"


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


def serve(pipe: Connection, prepare: Callable[..., None], args: tuple[Any, ...]) -> None:
    """A child's whole life: be ready, then answer one call after another until the pipe ends.

    A call comes as the pickle of (function, arguments); its answer goes back as that of (True, what it returned) or
    (False, what it raised). An empty message says that the child is ready.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    threading.Thread(target=_end_with_parent, name="end with the parent", daemon=True).start()
    prepare(*args)
    with contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(b"")
        while True:
            pipe.send_bytes(_answer(pipe.recv_bytes()))


def _answer(call: bytes) -> bytes:
    try:
        function, args = ForkingPickler.loads(call)
        return bytes(ForkingPickler.dumps((True, function(*args))))
    except BaseException as error:  # noqa: BLE001 - whatever a library raises, the call gets its answer
        try:
            return bytes(ForkingPickler.dumps((False, error)))
        except Exception:  # noqa: BLE001 - an error that cannot be sent: its kind is enough
            return bytes(ForkingPickler.dumps((False, RuntimeError(type(error).__name__))))


def _end_with_parent() -> None:
    """A parent that was killed cannot end its children."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)
