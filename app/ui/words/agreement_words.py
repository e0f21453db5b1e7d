"""In words, where the maps point. Left and right are the patient's, see `squid_core.sides`."""

from __future__ import annotations

from app.domain.session import Session
from app.i18n.language import join, say, tr
from squid_core.inference.agreement import Accord, Agreement, MapName, agreement
from squid_core.inference.doubts import is_mirrored
from squid_core.sides import SIDES_UNKNOWN, Sides


def agreement_of(session: Session) -> Agreement | None:
    """Of what is shown; None until its maps have come."""
    detection, maps = session.shown_detection, session.shown_maps
    return None if detection is None or maps is None else agreement(detection, maps)


def sides_of(session: Session) -> Sides:
    """How the patient lies in the shown image's file; nothing of it is known without an image."""
    if session.radiograph is not None:
        return Sides.of(session.radiograph.identity.patient_orientation)
    return Sides() if session.image is None else Sides.of(session.image.identity.patient_orientation)


def sides_words(session: Session) -> str:
    """What must be known of left and right where a place is said; '' where they are the patient's beyond doubt."""
    unknown = "" if sides_of(session).are_known else say(SIDES_UNKNOWN)
    mirrored = session.detection is not None and is_mirrored(session.detection)
    doubt = tr("This chest looks mirrored, so left and right may be exchanged.") if mirrored else ""
    return join((unknown, doubt))


def agreement_words(found: Agreement, session: Session) -> str:
    """Two to four sentences on where the maps point, and on what left and right are.

    Args:
        found: where.
        session: shows the image that they are of.
    """
    sides = sides_of(session)
    places = tr("; ").join(
        tr("{map} to the {place}").format(map=_map(name), place=say(sides.place(*place)))
        for name, place in found.places.items()
    )
    nothing = tr(", ").join(_map(name) for name in found.nowhere)
    if found.accord is Accord.NONE:
        return tr("No map finds anything unusual in one place.")
    said = {
        Accord.ALONE: tr("Only one map points anywhere: {places}."),
        Accord.SAME: tr("The maps point to the same place: {places}."),
        Accord.OVERLAP: tr("The maps point to places that overlap: {places}."),
        Accord.APART: tr("The maps point to different places: {places}."),
    }[found.accord].format(places=places)
    quiet = tr("Nothing unusual in: {maps}.").format(maps=nothing) if nothing else ""
    return join((said, quiet, sides_words(session)))


def disagreement_short(found: Agreement | None, key: str = "") -> str:
    """For the caption of a pane; '' unless two maps have nothing in common.

    Args:
        found: what is known of the maps.
        key: of the action that tells more; '' where it has none.
    """
    if found is None or found.accord is not Accord.APART:
        return ""
    words = tr("≠ The maps point to different places ({key}).")
    return words.format(key=key) if key else tr("≠ The maps point to different places.")


def _map(name: MapName) -> str:
    return {
        MapName.DIFFERENCE: tr("the difference"),
        MapName.PATCHES: tr("the patches’ memory"),
        MapName.LESION: tr("the lesion critic"),
        MapName.GRAD_CAM: tr("Grad-CAM"),
    }[name]
