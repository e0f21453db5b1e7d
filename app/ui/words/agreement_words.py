"""In words, whether the maps point to the same place."""

from __future__ import annotations

from app.domain.session import Session
from app.i18n.language import join, tr
from squid_core.inference.agreement import Agreement, MapName, agreement

THIRD = 1 / 3


def agreement_of(session: Session) -> Agreement | None:
    """Of what is shown; None until its maps have come."""
    detection, maps = session.shown_detection, session.shown_maps
    return None if detection is None or maps is None else agreement(detection, maps)


def agreement_words(found: Agreement) -> str:
    """Two or three sentences on where the maps point."""
    places = tr("; ").join(
        tr("{map} to the {place}").format(map=_map(name), place=place_words(*place))
        for name, place in found.places.items()
    )
    nothing = tr(", ").join(_map(name) for name in found.nowhere)
    if found.same_place is False:
        said = tr("The maps point to different places of the picture: {places}.").format(places=places)
    elif found.same_place:
        said = tr("The maps point to the same place of the picture: {places}.").format(places=places)
    elif found.places:
        said = tr("Only one map points anywhere in the picture: {places}.").format(places=places)
    else:
        return tr("No map finds anything unusual in one place.")
    return join((said, tr("Nothing unusual in: {maps}.").format(maps=nothing))) if nothing else said


def disagreement_short(found: Agreement | None, key: str = "") -> str:
    """For the caption of a pane; '' unless the maps disagree.

    Args:
        found: what is known of the maps.
        key: of the action that tells more; '' where it has none.
    """
    if found is None or found.same_place is not False:
        return ""
    words = tr("≠ The maps point to different places ({key}).")
    return words.format(key=key) if key else tr("≠ The maps point to different places.")


def place_words(row: float, column: float) -> str:
    """A place by thirds of the picture; left is the picture's left, not the patient's."""
    names = {
        (0, 0): tr("upper left"), (0, 1): tr("upper middle"), (0, 2): tr("upper right"),
        (1, 0): tr("middle left"), (1, 1): tr("middle"), (1, 2): tr("middle right"),
        (2, 0): tr("lower left"), (2, 1): tr("lower middle"), (2, 2): tr("lower right"),
    }  # fmt: skip
    return names[min(int(row / THIRD), 2), min(int(column / THIRD), 2)]


def _map(name: MapName) -> str:
    return {
        MapName.DIFFERENCE: tr("the difference"),
        MapName.PATCHES: tr("the patches’ memory"),
        MapName.LESION: tr("the lesion critic"),
        MapName.GRAD_CAM: tr("Grad-CAM"),
    }[name]
