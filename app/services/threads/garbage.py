"""Python's garbage, collected on the window's thread only."""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 20  # what 10 000 studies leave in a tenth of a second takes too long to look at
THOROUGH_EVERY_SECONDS = 600.0  # between two looks at everything, which take 90 ms with 10 000 studies


class GarbageCollector(QObject):
    """Takes the cyclic collector over from Python until it is closed.

    Python collects on whatever thread happens to allocate. A QObject that is part of a cycle would then be freed
    on a thread not its own, which Qt answers with a crash. So automatic collection is off, and a timer of the
    window's thread looks after it by Python's own thresholds.

    What has outlived two collections is frozen, so that none has to look at the whole worklist again and the window
    does not pause; from time to time all of it is looked at.
    """

    def __init__(self) -> None:
        super().__init__()
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.freeze()  # what the imports made lives as long as the program: no need to look at it again
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._thorough_at = time.monotonic() + THOROUGH_EVERY_SECONDS
        self._timer.start()

    def close(self) -> None:
        """Hand collection back."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def _look(self) -> None:
        if collect_what_is_due() <= 0:  # nothing, or the youngest only
            return
        if time.monotonic() > self._thorough_at:
            gc.unfreeze()
            gc.collect()
            self._thorough_at = time.monotonic() + THOROUGH_EVERY_SECONDS
        gc.freeze()


def collect_what_is_due() -> int:
    """Collect the oldest generation whose threshold is passed, and with it the younger ones.

    Returns:
        The generation that was collected; -1 for none.
    """
    due = [count > limit > 0 for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    oldest = max((generation for generation, is_due in enumerate(due) if is_due), default=-1)
    if oldest >= 0:
        gc.collect(oldest)
    return oldest
