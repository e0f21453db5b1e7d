"""Whether the detector may run on an image: analyse, ask or refuse, with the reason a radiologist would give.

SQUID knows frontal chest radiographs of people. What is clearly something else is refused. A tag that is wrong
or missing never refuses a chest X-ray by itself: then the reader is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydicom.dataset import Dataset

from squid_core.contracts.radiograph import Decision, Identity, Verdict
from squid_core.dicom.header.luts import sequence_items
from squid_core.dicom.header.sopclasses import (
    MODALITY_NAMES,
    RADIOGRAPH_MODALITIES,
    RADIOGRAPHS,
    SECONDARY_CAPTURES,
    modality_of,
)
from squid_core.dicom.header.values import text, values

MIN_SIDE = 128  # pixels; below, nothing of a lung's texture is left
MAX_ASPECT = 2.5
NO_HEADER = (
    "Is this a frontal chest X-ray? A picture file does not say so, nor whose it is, which side is the left, "
    "or how large anything is."
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CHEST = _set("CHEST THORAX LUNG LUNGS CXR TORAX PULMONARY POUMON POUMONS LUNGE")
_NEAR_CHEST = _set("RIB RIBS RIBCAGE HEART MEDIASTINUM TRUNK STERNUM CLAVICLE BREAST CHESTABDOMEN BABYGRAM TORSO")
_ELSEWHERE = _set("""
    ABDOMEN ANKLE ARM BRAIN CALCANEUS CALF CSPINE CERVICAL COCCYX COLON ELBOW EXTREMITY EYE FACE FEMUR FINGER FOOT
    FOREARM HAND HEAD HEEL HIP HIPS HUMERUS JAW JOINT KIDNEY KNEE LEG LSPINE LUMBAR MANDIBLE MAXILLA NECK NOSE ORBIT
    PATELLA PELVIS RADIUS SACRUM SCAPULA SHOULDER SINUS SINUSES SKULL SPINE TEETH TIBIA FIBULA THIGH THUMB TOE TOES TMJ
    TOOTH ULNA WRIST WHOLEBODY UPPERARM LOWERLEG LLEG TSPINE TLSPINE SSPINE CTSPINE SPLEEN LIVER BLADDER UTERUS
    ANIMAL PHANTOM
    """)
_ANIMAL = re.compile(r"\b(CANINE|FELINE|EQUINE|BOVINE|AVIAN|VETERINARY|DOG|PUPPY|HORSE|RABBIT|LAPINE)\b")
_HUMAN = frozenset(("", "HOMO SAPIENS", "HUMAN", "HOMO SAPIENS (HUMAN)"))
_HUMAN_CODES = frozenset(("L-85B00", "337915000"))

_FRONTAL = _set("PA AP FRONTAL POSTEROANTERIOR ANTEROPOSTERIOR")
_LATERAL = _set(
    "LL RL LAT LATERAL LLAT RLAT LEFTLATERAL RIGHTLATERAL LATERALLEFT LATERALRIGHT SEITLICH PROFIL PERFIL LATERALE"
)
_OBLIQUE = _set("LAO RAO LPO RPO RLO LLO OBL OBLIQUE OBLIQ")
_DECUBITUS = _set("LLD RLD DECUBITUS LORDOTIC APICAL")
_SAFE_WORD = re.compile(r"^[A-Z0-9 /_-]{1,24}$")
_WORDS = re.compile(r"[A-Z]+")
_INITIALS = re.compile(r"(?<=\b[A-Z])\.(?=[A-Z]\b)")  # the full stop of "p.a."


@dataclass(frozen=True, slots=True)
class Picture:
    """What the pixels themselves say."""

    rows: int
    columns: int
    frames: int = 1
    colour: bool = False
    flat: bool = False
    meaningful: bool = True
    doubtful_polarity: bool = False
    doubtful_values: bool = False
    aspect: float = 1.0  # height of a pixel over its width


def judge(dataset: Dataset, identity: Identity, picture: Picture) -> Verdict:
    """Decide from header and picture; the first reason to refuse wins over any to ask."""
    questions: list[str] = []
    refusal = _kind(dataset, identity, questions) or _of_picture(picture)
    refusal = refusal or _body_part(dataset, identity, questions) or _view(dataset, identity, questions)
    if refusal:
        return Verdict(Decision.REFUSE, refusal)
    if text(dataset, "PresentationIntentType").upper() == "FOR PROCESSING":
        questions.append("It is raw data of the detector, not a finished image.")
    if picture.doubtful_polarity:
        questions.append("The file contradicts itself on what is bright and what is dark.")
    if picture.doubtful_values:
        questions.append("Its grey values may not be as the file means them.")
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


def _kind(dataset: Dataset, identity: Identity, questions: list[str]) -> str:
    """A reason to refuse what is no radiograph of a person."""
    if _is_animal(dataset):
        return "It is a radiograph of an animal."
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


def _is_animal(dataset: Dataset) -> bool:
    if text(dataset, "PatientSpeciesDescription").upper() not in _HUMAN or text(dataset, "PatientBreedDescription"):
        return True
    codes = [text(item, "CodeValue") for item in sequence_items(dataset, "PatientSpeciesCodeSequence")]
    if any(code and code not in _HUMAN_CODES for code in codes):
        return True
    return bool(_ANIMAL.search(_descriptions(dataset, study=True)))


def _body_part(dataset: Dataset, identity: Identity, questions: list[str]) -> str:
    stated = identity.body_part
    tokens = _tokens(stated)
    if not tokens:
        regions = sequence_items(dataset, "AnatomicRegionSequence")
        stated = " ".join(text(item, "CodeMeaning").upper() for item in regions)
        tokens = _tokens(stated)
    if tokens & _CHEST:
        if tokens & _ELSEWHERE:
            questions.append(f"The body part says {_spelled(stated, 'more than the chest')}.")
        return ""
    if tokens & _ELSEWHERE:
        return f"It shows another part of the body{_quoted(stated)}; SQUID knows frontal chest X-rays."
    if tokens & _NEAR_CHEST:
        questions.append(f"The body part says {_spelled(stated, 'something near the chest')}.")
        return ""
    if tokens:
        questions.append(f"The body part says {_spelled(stated, 'something unknown')}.")
        return ""
    described = _tokens(_descriptions(dataset, study=True))
    if described & _CHEST:
        return ""
    if described & _ELSEWHERE:
        return "Its description names another part of the body; SQUID knows frontal chest X-rays."
    questions.append("The file does not say which part of the body it shows.")
    return ""


def _view(dataset: Dataset, identity: Identity, questions: list[str]) -> str:
    stated = identity.view_position
    if not stated:
        stated = " ".join(text(item, "CodeMeaning").upper() for item in sequence_items(dataset, "ViewCodeSequence"))
    tokens = _tokens(stated)
    orientation = identity.patient_orientation
    sideways = len(orientation) == 2 and orientation[0][:1] in ("A", "P")
    if tokens & _DECUBITUS:
        questions.append("It was taken in an unusual position.")
        return ""
    if tokens & _FRONTAL:
        if sideways:
            questions.append("The file calls it frontal, but its orientation is that of a lateral view.")
        else:
            _turned(orientation, questions)
        return ""
    if tokens & _LATERAL:
        return "It is a lateral view; SQUID knows frontal chest X-rays."
    if tokens & _OBLIQUE:
        return "It is an oblique view; SQUID knows frontal chest X-rays."
    if tokens:
        questions.append("The file names a view that is not known here.")
        return ""
    described = _tokens(_descriptions(dataset, study=False))
    if sideways or (described & _LATERAL and not described & _FRONTAL):
        return "It is a lateral view; SQUID knows frontal chest X-rays."
    if identity.laterality in ("L", "R"):  # of an unpaired part; with a frontal view stated it is a slip
        questions.append("The file names one side of the body and no view.")
    _turned(orientation, questions)
    return ""


def _turned(orientation: tuple[str, ...], questions: list[str]) -> None:
    """A frontal view is stored with the patient's left at the right edge and the feet at the bottom."""
    if len(orientation) == 2 and all(orientation) and (orientation[0][0], orientation[1][0]) != ("L", "F"):
        questions.append("The file says it is stored turned or mirrored.")


def _descriptions(dataset: Dataset, *, study: bool) -> str:
    keywords = ["SeriesDescription", "ProtocolName", "AcquisitionDeviceProcessingDescription"]
    if study:
        keywords += ["StudyDescription", "RequestedProcedureDescription", "PerformedProcedureStepDescription"]
    return " ".join(str(value) for keyword in keywords for value in values(dataset, keyword)).upper()


def _tokens(words: str) -> frozenset[str]:
    """Single words, and the whole run together ("T SPINE" -> TSPINE, "RIB CAGE" -> RIBCAGE); "p.a." is PA."""
    found = _WORDS.findall(_INITIALS.sub("", words.upper()))
    return frozenset((*found, "".join(found))) - {""}


def _spelled(stated: str, otherwise: str) -> str:
    return stated if _SAFE_WORD.match(stated) else otherwise


def _quoted(stated: str) -> str:
    return f" ({stated})" if _SAFE_WORD.match(stated) else ""
