"""The figures of marks, worked out once: a region of a large image has millions of pixels."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from app.domain.marks.measurements import Measurement, Roi
from app.domain.marks.roi_statistics import RoiStatistics, roi_statistics
from app.ui.words.mark_words import figure_lines
from squid_core.contracts.radiograph import Radiograph, Spacing

KEEP = 256  # regions whose statistics are kept


class MarkFigures:
    """Figures on one image; another image begins anew."""

    def __init__(self) -> None:
        self._radiograph: Radiograph | None = None
        self._statistics: Callable[[Roi], RoiStatistics | None] = lambda _: None

    def lines(self, mark: Measurement, radiograph: Radiograph | None, spacing: Spacing | None) -> tuple[str, ...]:
        """What is written beside a mark on this image, under the spacing in use."""
        if radiograph is None:
            return ()
        if radiograph is not self._radiograph:
            self._radiograph = radiograph
            self._statistics = lru_cache(maxsize=KEEP)(partial(roi_statistics, radiograph=radiograph))
        statistics = self._statistics(mark) if isinstance(mark, Roi) else None
        return figure_lines(mark, radiograph, spacing, statistics)
