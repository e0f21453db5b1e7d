"""Whether the detector may run on an image: analyse, ask or refuse, with the reason a radiologist would give.

SQUID knows frontal chest radiographs of people. What is clearly something else is refused. A tag that is wrong
or missing never refuses a chest X-ray by itself, and free text never does: then the reader is asked. Codes are
read by their value (`header.codes`), words in many languages (`header.words`); what cannot be read is asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydicom.dataset import Dataset

from squid_core.contracts.radiograph import LATERAL_VIEW, Decision, Identity, Verdict
from squid_core.dicom.header.sopclasses import (
    MODALITY_NAMES,
    RADIOGRAPH_MODALITIES,
    RADIOGRAPHS,
    SECONDARY_CAPTURES,
    modality_of,
)
from squid_core.dicom.header.statements import Statements, stated_text, statements
from squid_core.dicom.header.values import sequence_items, text
from squid_core.dicom.header.wording import Wording, is_lateral, wording
from squid_core.dicom.header.words import Notion

MIN_SIDE = 128  # pixels; below, nothing of a lung's texture is left
MAX_ASPECT = 2.5
NO_HEADER = (
    "Is this a frontal chest X-ray? A picture file does not say so, nor whose it is, which side is the left, "
    "or how large anything is."
)
LEAST_SEEN = 1 / 3  # of either side of a picture that its shutter leaves


_HUMAN_CODES = frozenset(("L-85B00", "337915000"))
_NO_ANSWER = frozenset(("", "UNKNOWN", "UNK", "OTHER", "NONE", "N/A", "NA", "NOT SPECIFIED", "UNSPECIFIED"))
_SAFE_WORD = re.compile(r"^[A-Z0-9 /_-]{1,24}$")

_DESCRIBED = {
    Notion.LATERAL: "Its description names a lateral view.",
    Notion.OBLIQUE: "Its description names an oblique view.",
    Notion.UNUSUAL: "Its description names an unusual position.",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """What the pixels themselves say."""

    rows: int
    columns: int
    frames: int = 1
    colour: bool = False
    stored_in_colour: bool = False  # although it is grey
    flat: bool = False
    meaningful: bool = True
    doubtful_polarity: bool = False
    doubtful_values: bool = False
    aspect: float = 1.0  # height of a pixel over its width
    seen: float = 1.0  # share that its shutter leaves, of the side of which it leaves less


def judge(dataset: Dataset, identity: Identity, picture: Picture) -> Verdict:
    """Decide from header and picture; the first reason to refuse wins over any to ask."""
    questions: list[str] = []
    said = statements(dataset)
    refusal = _kind(dataset, identity, said, questions) or _of_picture(picture)
    refusal = refusal or _body_part(dataset, said, questions) or _view(said, identity, questions)
    if refusal:
        return Verdict(Decision.REFUSE, refusal)
    if text(dataset, "PresentationIntentType").upper() == "FOR PROCESSING":
        questions.append("It is raw data of the detector, not a finished image.")
    if picture.stored_in_colour:
        questions.append("The picture is grey, and stored as one in colour.")
    if picture.doubtful_polarity:
        questions.append("The file contradicts itself on what is bright and what is dark.")
    if picture.doubtful_values:
        questions.append("Its grey values may not be as the file means them.")
    if picture.seen < LEAST_SEEN:
        questions.append("Its shutter hides most of it.")
    height, width = picture.rows * picture.aspect, picture.columns
    if max(height, width) > MAX_ASPECT * min(height, width):
        questions.append("Its shape is unusual for a chest X-ray.")
    if questions:
        return Verdict(Decision.ASK, "Is this a frontal chest X-ray? " + " ".join(questions))
    return Verdict(Decision.ANALYSE)


def judge_picture(picture: Picture) -> Verdict:
    """Decide on a file that has no header: its pixels may refuse it, and nothing in it says that it may be scored."""
    refusal = _of_picture(picture)
    return Verdict(Decision.REFUSE, refusal) if refusal else Verdict(Decision.ASK, NO_HEADER)


def _of_picture(picture: Picture) -> str:
    if picture.colour:
        return "It is in colour; a radiograph is not."
    if picture.frames > 1:
        return f"It is a run of {picture.frames} images, not a single radiograph."
    if picture.flat:
        return "It is flat: all its pixels are alike."
    if not picture.meaningful:
        return "Its rescale maps all grey values to one, so they mean nothing."
    if min(picture.rows, picture.columns) < MIN_SIDE:
        return f"It is too small: {picture.columns} by {picture.rows} pixels, and at least {MIN_SIDE} are needed."
    return ""


def _kind(dataset: Dataset, identity: Identity, said: Statements, questions: list[str]) -> str:
    """A reason to refuse what is no radiograph of a person."""
    human = _is_human(dataset)
    if human is False:
        return "It is an image of an animal."
    if human is None and Notion.ANIMAL in said.image.notions | said.study.notions:
        questions.append("Its description has the name of an animal in it.")
    modality = modality_of(identity.sop_class_uid, identity.modality)
    radiograph_class = identity.sop_class_uid in RADIOGRAPHS
    if modality in RADIOGRAPH_MODALITIES or (radiograph_class and modality in ("", "OT")):
        return ""
    if modality in MODALITY_NAMES:
        return f"It is {MODALITY_NAMES[modality]}, not a radiograph."
    if radiograph_class or identity.sop_class_uid in SECONDARY_CAPTURES | {""}:
        # A digitised film or an export comes so: what says that it is a radiograph was lost on the way.
        questions.append("Nothing in the file says that it is a radiograph.")
        return ""
    return "It is not a radiograph."


def _is_human(dataset: Dataset) -> bool | None:
    """Whether species and breed say that it is of a person; None where they say nothing."""
    breed = text(dataset, "PatientBreedDescription")
    if sequence_items(dataset, "PatientBreedCodeSequence") or breed.upper() not in _NO_ANSWER:
        return False
    stated = [text(dataset, "PatientSpeciesDescription")]
    for item in sequence_items(dataset, "PatientSpeciesCodeSequence"):
        value = text(item, "CodeValue")
        stated.append("human" if value in _HUMAN_CODES else text(item, "CodeMeaning") or value)
    species = [name for name in stated if name.upper() not in _NO_ANSWER]
    return all(_names_a_person(name) for name in species) if species else None


def _names_a_person(species: str) -> bool:
    return all(Notion.HUMAN in wording([word]).notions for word in re.findall(r"\w+", species))


def _body_part(dataset: Dataset, said: Statements, questions: list[str]) -> str:
    stated = stated_text(dataset, "BodyPartExamined")
    parts = {notion for part in said.parts for notion in part.notions}
    if stated == "FACE":  # in free text it is French for frontal
        parts.add(Notion.ELSEWHERE)
    image, study = said.image.notions, said.image.notions | said.study.notions
    if Notion.CHEST in parts:
        if Notion.ELSEWHERE in parts:
            questions.append("The file names another part of the body beside the chest.")
        elif Notion.ELSEWHERE in image and not image & {Notion.CHEST, Notion.NEAR_CHEST}:
            questions.append("Its description names another part of the body.")
    elif Notion.ELSEWHERE in parts:
        if Notion.CHEST not in study or Notion.ELSEWHERE in study:
            return f"It shows another part of the body{_quoted(stated)}; SQUID knows frontal chest X-rays."
        questions.append(f"The body part says {_spelled(stated, 'another part of the body')}.")
    elif Notion.NEAR_CHEST in parts:
        questions.append(f"The body part says {_spelled(stated, 'something near the chest')}.")
    elif said.parts:
        questions.append(f"The body part says {_spelled(stated, 'something unknown')}.")
    elif Notion.ELSEWHERE in study:
        questions.append("Its description names another part of the body.")
    elif Notion.CHEST not in study:
        questions.append("The file does not say which part of the body it shows.")
    return ""


def _view(said: Statements, identity: Identity, questions: list[str]) -> str:
    orientation = identity.patient_orientation
    sideways = is_lateral("", orientation)
    views = frozenset[Notion]().union(*(_views_in(stated) for stated in said.views))
    if Notion.UNUSUAL in views | said.position.notions:
        questions.append("It was taken in an unusual position.")
    elif len(views) > 1:
        questions.append("The file names more than one view.")
    elif Notion.LATERAL in views or (not said.views and sideways):
        return LATERAL_VIEW
    elif Notion.OBLIQUE in views:
        return "It is an oblique view; SQUID knows frontal chest X-rays."
    elif views:
        if sideways:
            questions.append("The file calls it frontal, but its orientation is that of a lateral view.")
        else:
            _turned(orientation, questions)
        described = _views_in(said.image)
        if Notion.FRONTAL not in said.image.notions or Notion.UNUSUAL in described:
            questions += [_DESCRIBED[view] for view in described]
    elif said.views:
        questions.append("The file names a view that is not known here.")
    else:
        _described(said, questions)
        if identity.laterality in ("L", "R"):  # of an unpaired part; with a frontal view stated it is a slip
            questions.append("The file names one side of the body and no view.")
        _turned(orientation, questions)
    return ""


def _views_in(said: Wording) -> frozenset[Notion]:
    """The view that words name, a position before an oblique view before a straight one; both of the straight ones."""
    for view in (Notion.UNUSUAL, Notion.OBLIQUE):
        if view in said.notions:
            return frozenset((view,))
    return said.notions & {Notion.FRONTAL, Notion.LATERAL}


def _described(said: Statements, questions: list[str]) -> None:
    """What the free text of a file that states no view makes doubtful."""
    views = _views_in(said.image) or _views_in(said.study)
    if len(views) > 1:
        questions.append("Its description names a frontal and a lateral view, and nothing says which of them it is.")
    elif not views and (said.image.unread or said.study.unread):
        questions.append("Its description has words that are not known here.")
    questions += [_DESCRIBED[view] for view in views if len(views) == 1 and view in _DESCRIBED]


def _turned(orientation: tuple[str, ...], questions: list[str]) -> None:
    """A frontal view is stored with the patient's left at the right edge and the feet at the bottom."""
    if len(orientation) == 2 and all(orientation) and (orientation[0][0], orientation[1][0]) != ("L", "F"):
        questions.append("The file says it is stored turned or mirrored.")


def _spelled(stated: str, otherwise: str) -> str:
    return stated if _SAFE_WORD.match(stated) else otherwise


def _quoted(stated: str) -> str:
    return f" ({stated})" if _SAFE_WORD.match(stated) else ""
