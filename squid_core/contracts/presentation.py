"""How somebody else has shown an image: a grayscale softcopy presentation state (PS3.3 A.33.1), for display only.

Places are (row, column) of the original's pixel centres, as everywhere, whatever units the file uses: what is drawn
stays with the anatomy when the picture is turned, moved or enlarged.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from squid_core.contracts.graphics import OverlayPlane, Shutter
from squid_core.contracts.radiograph import NOT_READ, Content, Identity, Window

Spot: TypeAlias = tuple[float, float]
Outline: TypeAlias = tuple[Spot, ...]


def _check(places: Iterable[Spot]) -> None:
    if not all(math.isfinite(number) for place in places for number in place):
        raise ValueError("a place is two finite numbers")


@dataclass(frozen=True, slots=True)
class StateHead:
    """What a presentation state says of itself, without what it does.

    Attributes:
        identity: whose it is; its `sop_instance_uid` is the state's own.
        images: SOP Instance UIDs of the images that it is about and whose first frame is meant (PS3.3 C.11.11).
        label: Content Label (0070,0080); description: Content Description (0070,0081).
        creator: Content Creator's Name (0070,0084) as a reader would say it.
        created: Presentation Creation Date (0070,0082).
    """

    identity: Identity
    images: tuple[str, ...]
    label: str = ""
    description: str = ""
    creator: str = ""
    created: date | None = None

    def is_of(self, image: Identity) -> bool:
        """Whether it is about this image, of the same study and patient: a UID alone may lie."""
        own = self.identity
        return (
            bool(image.sop_instance_uid)
            and image.sop_instance_uid in self.images
            and (own.study_instance_uid, own.patient) == (image.study_instance_uid, image.patient)
        )


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through its points, or a dot where there is one only.

    Attributes:
        filled: what it encloses is filled.
    """

    points: Outline
    filled: bool = False

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("a stroke has a point")
        _check(self.points)


@dataclass(frozen=True, slots=True)
class Caption:
    """Words over the image, always upright on the screen.

    Attributes:
        text: clean lines.
        box: two opposite corners of the place for the words; None where they only have an anchor.
        anchor: what they are about; None where they only have a box.
        tied: a line leads from the words to the anchor.
    """

    text: str
    box: tuple[Spot, Spot] | None = None
    anchor: Spot | None = None
    tied: bool = False

    def __post_init__(self) -> None:
        if not self.text or (self.box is None and self.anchor is None):
            raise ValueError("words need a text and a place")
        _check(self.box or ())
        _check(() if self.anchor is None else (self.anchor,))


@dataclass(frozen=True, slots=True)
class Area:
    """Which part of the image is shown (PS3.3 C.10.4).

    Attributes:
        top, left, bottom, right: edges; the first row begins at -0.5.
        zoom: screen pixels for each pixel of the image; None where the part fills the pane.
    """

    top: float
    left: float
    bottom: float
    right: float
    zoom: float | None = None

    def __post_init__(self) -> None:
        _check(((self.top, self.left), (self.bottom, self.right)))
        if self.top >= self.bottom or self.left >= self.right:
            raise ValueError("an area has a height and a width")
        if self.zoom is not None and not 0 < self.zoom < math.inf:
            raise ValueError("a zoom is finite and positive")


@dataclass(frozen=True, slots=True)
class Presentation:
    """A presentation state as it applies to one image.

    Attributes:
        head: what it says of itself.
        window: in the values of `Radiograph.pixels`; None where the state's cannot be applied, which a notice says.
        invert: shown as a negative.
        mirrored: left and right of the file change places; quarters: quarter turns clockwise after that, 0..3.
        area: None for the whole image.
        shutter: what of the image is to be seen; it takes the place of the image's own.
        overlays: planes of the state; strokes, captions: what else is drawn, the lowest first.
        notices: plain sentences on what of the state is not shown, or was guessed.
        content: the bytes that it was read from.
    """

    head: StateHead
    window: Window | None = None
    invert: bool = False
    mirrored: bool = False
    quarters: int = 0
    area: Area | None = None
    shutter: Shutter | None = None
    overlays: tuple[OverlayPlane, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    captions: tuple[Caption, ...] = ()
    notices: tuple[str, ...] = ()
    content: Content = NOT_READ

    def __post_init__(self) -> None:
        if not 0 <= self.quarters <= 3:
            raise ValueError("a picture is turned by 0 to 3 quarters")
