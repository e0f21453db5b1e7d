"""The maps that the difference pane and the overlay can draw: values, scale, and words that claim no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.domain.session import Session
from app.domain.settings import DisplaySettings, EvidenceMap
from app.i18n.language import QT_TR_NOOP, join, tr
from app.ui.look.colour_maps import is_signed
from app.ui.panes.difference_map import DIFFERENCE_RANGE, difference_field, to_index
from app.ui.words.pane_words import model_badge
from squid_core.contracts.affine import Matrix
from squid_core.contracts.detection import Detection
from squid_core.contracts.radiograph import FloatArray, PixelArray

MAP_WORDS = (
    (EvidenceMap.DIFFERENCE.value, QT_TR_NOOP("Difference")),
    (EvidenceMap.PATCHES.value, QT_TR_NOOP("Patch distance")),
    (EvidenceMap.LESION.value, QT_TR_NOOP("Lesion critic")),
    (EvidenceMap.GRAD_CAM.value, QT_TR_NOOP("Grad-CAM")),
)
MEDIAN = 50.0  # percentile of held-out normals up to which a patch is drawn as nothing


@dataclass(frozen=True)
class ColourScale:
    """From values to colours.

    Attributes:
        bottom, top: values at the ends; signed: whether the colour map tells below zero from above.
        low, high: what the ends mean, in words.
    """

    bottom: float
    top: float
    signed: bool
    low: str
    high: str


@dataclass(frozen=True)
class DrawnMap:
    """A map as it is drawn.

    Attributes:
        values: (h, w) float32.
        place: from their centres to those of the original's pixels.
        index: resampled values to entries of the colour table.
    """

    values: FloatArray
    place: Matrix
    index: Callable[[PixelArray], NDArray[np.uint8]]


def colour_scale(kind: EvidenceMap, display: DisplaySettings) -> ColourScale:
    """The scale of a map; that of the difference depends on whether its sign is shown."""
    signed = is_signed(display.colour_map)
    if kind is EvidenceMap.DIFFERENCE:
        ends = tr("same 0"), tr("{value:g} different")
        if signed:
            ends = tr("darker −{value:g}"), tr("+{value:g} brighter")
        bottom = -DIFFERENCE_RANGE if signed else 0.0
        return ColourScale(bottom, DIFFERENCE_RANGE, signed, *(words.format(value=DIFFERENCE_RANGE) for words in ends))
    low, high = {
        EvidenceMap.PATCHES: (tr("up to the 50th pct."), tr("100th")),
        EvidenceMap.LESION: (tr("unchanged 0"), tr("1 changed")),
        EvidenceMap.GRAD_CAM: (tr("least"), tr("most of this image")),
    }[kind]
    return ColourScale(0.0, 1.0, signed, low, high)


def map_values(kind: EvidenceMap, session: Session) -> FloatArray | None:
    """(h, w) float32 of a map of what is shown, before any smoothing; None while there is none."""
    detection, maps = session.shown_detection, session.shown_maps
    if detection is None:
        return None
    if kind is EvidenceMap.DIFFERENCE:
        return detection.difference
    if kind is EvidenceMap.PATCHES:
        return _patches(detection)
    if maps is None:
        return None
    return maps.lesion if kind is EvidenceMap.LESION else maps.grad_cam


def drawn(kind: EvidenceMap, session: Session) -> DrawnMap | None:
    """A map as the settings draw it; None while there is none. Only the difference is smoothed."""
    values, detection, display = map_values(kind, session), session.shown_detection, session.display
    if values is None or detection is None:
        return None
    if kind is EvidenceMap.DIFFERENCE:
        values = difference_field(values, display)
    scale = colour_scale(kind, display)
    index = partial(to_index, threshold=display.difference_threshold, signed=scale.signed, top=scale.top)
    shape = (values.shape[0], values.shape[1])
    return DrawnMap(values, detection.geometry.of_picture(shape), index)


def _patches(detection: Detection) -> FloatArray:
    """(S, S) blocks: 0 up to the median of held-out normals, 1 above all of them. Not smoothed: nothing is finer."""
    share = np.clip((detection.patch_percentiles - MEDIAN) / (100 - MEDIAN), 0, 1).astype(np.float32)
    side = detection.geometry.model_shape[0] // detection.grid
    return np.kron(share, np.ones((side, side), np.float32))


def map_name(kind: EvidenceMap) -> str:
    """Its name in lists, badges and titles."""
    return tr(dict(MAP_WORDS)[kind.value])


def map_badge(kind: EvidenceMap, session: Session) -> tuple[str, str]:
    """At how many places the map really has a value, and the same in a sentence."""
    detection, maps = session.shown_detection, session.shown_maps
    if detection is None or (maps is None and kind in (EvidenceMap.LESION, EvidenceMap.GRAD_CAM)):
        return "", ""
    if kind is EvidenceMap.DIFFERENCE:
        return model_badge(detection)
    side = detection.grid
    if maps is not None and kind is EvidenceMap.LESION and maps.lesion is not None:
        side = maps.lesion.shape[0]
    elif maps is not None and kind is EvidenceMap.GRAD_CAM:
        side = maps.grad_cam_side
    tip = tr("This map has {side} × {side} values; it is enlarged from them and is no finer.")
    return tr("{side} × {side} places, enlarged").format(side=side), tip.format(side=side)


def missing_words(kind: EvidenceMap, session: Session) -> str:
    """Why a map is not there, where a detection is; '' where it is."""
    if session.shown_detection is None or map_values(kind, session) is not None:
        return ""
    if session.shown_maps is not None:
        return tr("These weights have no lesion critic.")
    return tr("Being computed…") if session.card is not None else tr("The weights are not installed here.")


def what_it_is_not(kind: EvidenceMap, session: Session) -> str:
    """What a map must not be taken for, and whether the score reads it."""
    if kind is EvidenceMap.DIFFERENCE:
        return tr("The score does not read this map. SQUID does not localise to the pixel.")
    said = {
        EvidenceMap.PATCHES: tr("How far each patch is from its memory, among held-out normals."),
        EvidenceMap.LESION: tr(
            "Where a critic that learned on made-up lesions is sure of a change. It names no disease."
        ),
        EvidenceMap.GRAD_CAM: tr(
            "Where the reconstruction looks least normal to the discriminator, relative to this image only."
        ),
    }[kind]
    groups = {name.split()[0] for name in session.detection.components} if session.detection else set()
    read = {
        EvidenceMap.PATCHES: {"memory", "patch"},
        EvidenceMap.LESION: {"lesion"},
        EvidenceMap.GRAD_CAM: {"discriminator"},
    }[kind] & groups
    if read:
        return join((said, tr("The score reads how strong it is, not where.")))
    return join((said, tr("The score does not read it.")))
