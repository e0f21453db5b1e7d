"""What a file lays over its original: a shutter that hides a part of it, and overlays. Neither reaches the detector."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.domain.presenting import Presented
from app.domain.session import Session
from app.i18n.language import tr
from app.ui.panes.pane_view import PaneView
from app.ui.panes.view_link import ViewRect
from app.ui.panes.viewport_image import ViewportImage
from squid_core.contracts.affine import IDENTITY
from squid_core.contracts.graphics import OverlayPlane, Shutter
from squid_core.contracts.radiograph import PixelArray, Radiograph
from squid_core.graphics import COLOUR, FULL, hidden, opacity, strength

OVER_THE_IMAGE, OVER_ITS_MAP = 5.0, 15.0  # Z values
ByteArray = NDArray[np.uint8]


def overlays_shown(session: Session) -> bool:
    """Whether overlays may be drawn: they often hold words, and a name in them cannot be masked."""
    return session.display.graphics and not session.mask_names


def laid_over(session: Session) -> tuple[Shutter | None, tuple[OverlayPlane, ...]]:
    """The shutter and the overlays of the shown image; a presentation state's shutter takes the place of its own."""
    radiograph, presented = session.radiograph, session.presented
    if radiograph is None:
        return None, ()
    if presented is None:
        return radiograph.shutter, radiograph.overlays
    return presented.presentation.shutter, radiograph.overlays + presented.presentation.overlays


def graphics_words(session: Session) -> tuple[str, ...]:
    """Lines on what is hidden: a part of the picture, or what the file would show over it."""
    shutter, planes = laid_over(session)
    if shutter is None and not planes:
        return ()
    if not session.display.graphics:
        return (tr("Graphics of the file are off"),)
    part = (
        tr("The file's shutter hides a part") if session.presented is None else tr("The state's shutter hides a part")
    )
    part = part if shutter is not None else ""
    masked = tr("Overlays left out: they may hold names") if planes and session.mask_names else ""
    return part, masked


class FileGraphics:
    """The shutter and the overlays of one pane's image."""

    def __init__(self, view: PaneView) -> None:
        self._view = view
        self.shutter, self.overlays = ViewportImage(), ViewportImage()
        for image, height in ((self.shutter, OVER_THE_IMAGE), (self.overlays, OVER_ITS_MAP)):
            image.setZValue(height)
            view.add_image(image)
        self._shown: tuple[Radiograph | None, Presented | None, bool, bool] = (None, None, False, False)

    @property
    def images(self) -> tuple[ViewportImage, ViewportImage]:
        """What lies over the original."""
        return self.shutter, self.overlays

    def follow(self, session: Session, *, original: bool) -> None:
        """Show those of the session's image; nothing while the `original` is not what is seen."""
        radiograph = session.radiograph
        shutter, overlays = original and session.display.graphics, original and overlays_shown(session)
        before, self._shown = self._shown, (radiograph, session.presented, shutter, overlays)
        if before[0] is radiograph and before[1:] == self._shown[1:]:
            return
        for image in self.images:
            image.clear()
        if radiograph is None:
            return
        shape = (radiograph.pixels.shape[0], radiograph.pixels.shape[1])
        cover, planes = laid_over(session)
        if shutter and cover is not None:
            covered = hidden(cover, shape, radiograph.aspect).astype(np.uint8) * np.uint8(FULL)
            self.shutter.setLookupTable(_shutter_table(cover.grey))
            self.shutter.set_source(covered, IDENTITY, _as_it_is)
        if overlays and planes:
            self.overlays.setLookupTable(_overlay_table())
            self.overlays.set_source(strength(planes, shape), IDENTITY, _as_it_is)
        self.refresh(self._view.rect_shown)

    def refresh(self, view: ViewRect) -> None:
        """Follow the view."""
        for image in self.images:
            image.refresh(view, self._view.devicePixelRatioF())


def _as_it_is(values: PixelArray) -> ByteArray:
    return values


def _shutter_table(grey: float) -> ByteArray:
    """(256, 4): the shutter's grey, as opaque as a pixel of the screen is covered."""
    table = np.full((FULL + 1, 4), round(FULL * grey), np.uint8)
    table[:, 3] = np.arange(FULL + 1)
    return table


@lru_cache(maxsize=1)
def _overlay_table() -> ByteArray:
    """(256, 4): the colour of overlays, as opaque as their strength asks."""
    table = np.empty((FULL + 1, 4), np.uint8)
    table[:, :3] = COLOUR
    table[:, 3] = np.rint(FULL * opacity(np.arange(FULL + 1, dtype=np.uint8)))
    table.setflags(write=False)
    return table
