"""One zoom and one place for all panes, in pixels of the original."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

MIN_MAGNIFICATION, MAX_MAGNIFICATION = 0.5, 64.0
FIT_MARGIN = 0.985  # a hair of black round an image that is fitted


@dataclass(frozen=True, slots=True)
class ViewRect:
    """What a viewport shows, in original pixels; edges, so pixel (0, 0) begins at -0.5.

    Attributes:
        zoom: screen pixels (logical) per original pixel, across.
        aspect: height of an original pixel over its width, so that millimetres are square on the screen.
    """

    top: float
    left: float
    height: float
    width: float
    zoom: float
    aspect: float = 1.0

    @property
    def row_zoom(self) -> float:
        """Screen pixels (logical) per original pixel, downwards."""
        return self.zoom * self.aspect

    def to_original(self, x: float, y: float) -> tuple[float, float]:
        """Viewport (x, y) -> original (row, column)."""
        return self.top + y / self.row_zoom, self.left + x / self.zoom

    def to_viewport(self, row: float, column: float) -> tuple[float, float]:
        """Original (row, column) -> viewport (x, y)."""
        return (column - self.left) * self.zoom, (row - self.top) * self.row_zoom


class ViewLink(QObject):
    """The shared centre and magnification. Panes of different sizes show the same anatomy in their middle.

    Magnification 1 fits the whole image into whichever pane shows it.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shape = (1, 1)
        self._aspect = 1.0
        self._centre = (0.0, 0.0)
        self._magnification = 1.0

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W) of the original."""
        return self._shape

    @property
    def magnification(self) -> float:
        """Times the fitted size."""
        return self._magnification

    @property
    def centre(self) -> tuple[float, float]:
        """(row, column) of the original in the middle of every pane."""
        return self._centre

    def set_image(self, shape: tuple[int, int], aspect: float = 1.0) -> None:
        """A new original, whose pixels are `aspect` times as high as wide: fit it."""
        self._shape, self._aspect = shape, aspect
        self.fit()

    def fit(self) -> None:
        """The whole image, centred."""
        self._set(((self._shape[0] - 1) / 2, (self._shape[1] - 1) / 2), 1.0)

    def look_at(self, centre: tuple[float, float], magnification: float) -> None:
        """Show this (row, column) in the middle at this magnification."""
        self._set(centre, min(max(magnification, MIN_MAGNIFICATION), MAX_MAGNIFICATION))

    def pan(self, rows: float, columns: float) -> None:
        """Move the centre by this many original pixels."""
        self._set((self._centre[0] + rows, self._centre[1] + columns), self._magnification)

    def zoom_about(self, row: float, column: float, factor: float) -> None:
        """Magnify by `factor` so that original (row, column) stays where it is on the screen."""
        wanted = min(max(self._magnification * factor, MIN_MAGNIFICATION), MAX_MAGNIFICATION)
        shrink = self._magnification / wanted
        centre = (row + (self._centre[0] - row) * shrink, column + (self._centre[1] - column) * shrink)
        self._set(centre, wanted)

    def set_magnification(self, magnification: float) -> None:
        """Magnify about the centre."""
        self.zoom_about(*self._centre, magnification / self._magnification)

    def fit_zoom(self, width: float, height: float) -> float:
        """Screen pixels per original pixel, across, at which the image just fits a viewport of this size."""
        return max(FIT_MARGIN * min(width / self._shape[1], height / (self._shape[0] * self._aspect)), 1e-6)

    def rect(self, width: float, height: float) -> ViewRect:
        """What a viewport of this size (logical pixels) shows."""
        zoom = self.fit_zoom(width, height) * self._magnification
        rows, columns = height / (zoom * self._aspect), width / zoom
        return ViewRect(self._centre[0] - rows / 2, self._centre[1] - columns / 2, rows, columns, zoom, self._aspect)

    def _set(self, centre: tuple[float, float], magnification: float) -> None:
        row = min(max(centre[0], 0.0), self._shape[0] - 1.0)
        column = min(max(centre[1], 0.0), self._shape[1] - 1.0)
        self._centre, self._magnification = (row, column), magnification
        self.changed.emit()
