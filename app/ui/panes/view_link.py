"""One zoom, one place and one orientation for all panes, in pixels of the original."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QRectF

from app.domain.orientation import UPRIGHT, Orientation
from app.services.threads.signals import TypedSignal
from squid_core.contracts.presentation import Area

MIN_MAGNIFICATION, MAX_MAGNIFICATION = 0.5, 64.0
FIT_MARGIN = 0.985  # a hair of black round an image that is fitted


@dataclass(frozen=True, slots=True)
class ViewRect:
    """What a viewport shows, in original pixels; edges, so pixel (0, 0) begins at -0.5.

    The one mapping between original and screen: images, overlays, tools and read-outs all use it.

    Attributes:
        zoom: screen pixels (logical) per original pixel along a row.
        aspect: height of an original pixel over its width.
        orientation: how the picture is turned and mirrored.
    """

    top: float
    left: float
    height: float
    width: float
    zoom: float
    aspect: float = 1.0
    orientation: Orientation = UPRIGHT

    @property
    def row_zoom(self) -> float:
        """Screen pixels (logical) per original pixel along a column, from row to row."""
        return self.zoom * self.aspect

    def to_original(self, x: float, y: float) -> tuple[float, float]:
        """Viewport (x, y) -> original (row, column)."""
        right, down = self.orientation.to_picture(x, y, self._size)
        return self.top + down / self.row_zoom, self.left + right / self.zoom

    def to_viewport(self, row: float, column: float) -> tuple[float, float]:
        """Original (row, column) -> viewport (x, y)."""
        down, right = (row - self.top) * self.row_zoom, (column - self.left) * self.zoom
        return self.orientation.to_screen(right, down, self._size)

    def on_screen(self, top: float, left: float, height: float, width: float) -> QRectF:
        """A rectangle of the original -> the rectangle of the viewport that it covers."""
        x0, y0 = self.to_viewport(top, left)
        x1, y1 = self.to_viewport(top + height, left + width)
        return QRectF(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))

    def step(self, right: float, down: float) -> tuple[float, float]:
        """A distance on the screen -> (rows, columns) of the original."""
        here, there = self.to_original(0, 0), self.to_original(right, down)
        return there[0] - here[0], there[1] - here[1]

    @property
    def _size(self) -> tuple[float, float]:
        """(width, height) of what is shown, in screen pixels, as the file lies."""
        return self.width * self.zoom, self.height * self.row_zoom


@dataclass(frozen=True, slots=True)
class ViewState:
    """Zoom, place and orientation without the image: what images of different sizes can share.

    Attributes:
        centre: (down, right) of what lies in the middle, as shares of the image's height and width.
        magnification: times the size at which the whole image fits.
    """

    centre: tuple[float, float] = (0.5, 0.5)
    magnification: float = 1.0
    orientation: Orientation = UPRIGHT


class ViewLink(QObject):
    """The shared view of one image. Panes of different sizes show the same anatomy in their middle.

    Magnification 1 fits the whole image into whichever pane shows it. A link with a leader is for another image (a
    prior): it shows the same share of its own image as the leader does, and whoever moves one moves both.
    """

    changed = TypedSignal[()]()

    def __init__(self, parent: QObject | None = None, leader: ViewLink | None = None) -> None:
        super().__init__(parent)
        self._shape, self._aspect = (1, 1), 1.0
        self._has_image = False
        self._state, self._leader = ViewState(), leader
        if leader is not None:
            leader.changed.connect(self.changed)

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W) of the original."""
        return self._shape

    @property
    def has_image(self) -> bool:
        """Whether an image was set: until then nobody knows at which zoom anything is shown."""
        return self._has_image

    @property
    def state(self) -> ViewState:
        """Zoom, place and orientation."""
        return self._state if self._leader is None else self._leader.state

    @property
    def magnification(self) -> float:
        """Times the fitted size."""
        return self.state.magnification

    @property
    def orientation(self) -> Orientation:
        """How the image is turned and mirrored."""
        return self.state.orientation

    @property
    def centre(self) -> tuple[float, float]:
        """(row, column) of the original in the middle of every pane."""
        down, right = self.state.centre
        return down * self._shape[0] - 0.5, right * self._shape[1] - 0.5

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a (row, column) lies on the original."""
        return all(-0.5 <= place < length - 0.5 for place, length in zip(point, self._shape, strict=True))

    def set_image(self, shape: tuple[int, int], aspect: float = 1.0) -> None:
        """A new original of (H, W) pixels, each `aspect` times as high as wide: upright and fitted.

        With a leader the view stays as the leader has it.
        """
        self._shape, self._aspect, self._has_image = shape, aspect, True
        if self._leader is None:
            self.show(ViewState())
        else:
            self.changed.emit()

    def show(self, state: ViewState) -> None:
        """Go to a view."""
        if self._leader is None:
            self._state = state
            self.changed.emit()
        else:
            self._leader.show(state)

    def fit(self) -> None:
        """The whole image, centred; turned and mirrored as it is."""
        self.show(ViewState(orientation=self.orientation))

    def turn(self, quarters: int) -> None:
        """Turn on the screen by quarters; positive is clockwise."""
        self.show(replace(self.state, orientation=self.orientation.turned(quarters)))

    def flip(self) -> None:
        """Mirror on the screen: left and right change places."""
        self.show(replace(self.state, orientation=self.orientation.flipped()))

    def upend(self) -> None:
        """Mirror on the screen: top and bottom change places."""
        self.show(replace(self.state, orientation=self.orientation.upended()))

    def set_upright(self) -> None:
        """As in the file: neither turned nor mirrored."""
        self.show(replace(self.state, orientation=UPRIGHT))

    def pan(self, rows: float, columns: float) -> None:
        """Move the centre by this many original pixels."""
        self._set((self.centre[0] + rows, self.centre[1] + columns), self.magnification)

    def zoom_about(self, row: float, column: float, factor: float) -> None:
        """Magnify by `factor` so that original (row, column) stays where it is on the screen."""
        wanted = min(max(self.magnification * factor, MIN_MAGNIFICATION), MAX_MAGNIFICATION)
        shrink = self.magnification / wanted
        centre = (row + (self.centre[0] - row) * shrink, column + (self.centre[1] - column) * shrink)
        self._set(centre, wanted)

    def set_magnification(self, magnification: float) -> None:
        """Magnify about the centre."""
        self.zoom_about(*self.centre, magnification / self.magnification)

    def show_area(self, area: Area, width: float, height: float, pixel_ratio: float = 1.0) -> None:
        """Show a part of the image in the middle, turned as it is.

        Args:
            area: as large as fits, unless it has a zoom of its own.
            width: of the viewport, in logical pixels.
            height: of it.
            pixel_ratio: pixels of the screen for each of them.
        """
        across, along = self._sides(width, height)
        rows, columns = area.bottom - area.top, area.right - area.left
        fitted = FIT_MARGIN * min(across / columns, along / (rows * self._aspect))
        wanted = fitted if area.zoom is None else area.zoom / pixel_ratio
        magnification = min(max(wanted / self.fit_zoom(width, height), MIN_MAGNIFICATION), MAX_MAGNIFICATION)
        self._set(((area.top + area.bottom) / 2, (area.left + area.right) / 2), magnification)

    def fit_zoom(self, width: float, height: float) -> float:
        """Screen pixels per original pixel along a row at which the image just fits a viewport of this size."""
        across, along = self._sides(width, height)
        return max(FIT_MARGIN * min(across / self._shape[1], along / (self._shape[0] * self._aspect)), 1e-6)

    def rect(self, width: float, height: float) -> ViewRect:
        """What a viewport of this size (logical pixels) shows."""
        zoom = self.fit_zoom(width, height) * self.magnification
        across, along = self._sides(width, height)
        rows, columns = along / (zoom * self._aspect), across / zoom
        row, column = self.centre
        return ViewRect(row - rows / 2, column - columns / 2, rows, columns, zoom, self._aspect, self.orientation)

    def _sides(self, width: float, height: float) -> tuple[float, float]:
        """A viewport's sides: (along which the columns run, along which the rows run)."""
        return (height, width) if self.orientation.swaps else (width, height)

    def _set(self, centre: tuple[float, float], magnification: float) -> None:
        height, width = self._shape
        row = min(max(centre[0], 0.0), height - 1.0)
        column = min(max(centre[1], 0.0), width - 1.0)
        place = ((row + 0.5) / height, (column + 0.5) / width)
        self.show(ViewState(place, magnification, self.orientation))
