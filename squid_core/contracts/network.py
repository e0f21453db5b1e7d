"""What window, command line and the processes that speak to a network say to each other. Loads no pynetdicom.

Names are DICOM's: AE title (PS3.7 D.3.3), Storage SCP (PS3.4 B), Query/Retrieve (PS3.4 C), DICOMweb (PS3.18).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path


class Outcome(StrEnum):
    """What became of an errand to another system."""

    DONE = "done"
    PARTLY = "partly"  # some of it; what is missing is said
    REFUSED = "refused"  # it was understood and declined: trying again is no use
    FAILED = "failed"  # nothing was reached, or the connection broke: it may be tried again
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Said:
    """How an errand to another system ended, in words that a PACS administrator understands.

    Attributes:
        sentence: what happened and what to do about it; holds no identifier of a patient.
        detail: status codes, for an engineer.
    """

    outcome: Outcome
    sentence: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What studies are asked for (C-FIND at study level, PS3.4 C.6.2.1; QIDO-RS, PS3.18 10.6). Empty is not asked for.

    Attributes:
        first_day, last_day: StudyDate from and to, inclusive.
        modalities: of which one must be in the study (ModalitiesInStudy), such as CR and DX.
        patient_name, patient_id, accession_number: as DICOM matches them, wildcards * and ? are the asker's.
        body_part: BodyPartExamined, as stated in the series; asked for at series level where a peer cannot do else.
        study_instance_uid: one study by name.
    """

    first_day: date | None = None
    last_day: date | None = None
    modalities: tuple[str, ...] = ()
    patient_name: str = ""
    patient_id: str = ""
    accession_number: str = ""
    body_part: str = ""
    study_instance_uid: str = ""


@dataclass(frozen=True, slots=True)
class FoundStudy:
    """A study that another system has, as it says so itself. Strings are clean text; '' where nothing is said.

    Attributes:
        study_date: YYYYMMDD; study_time: HHMMSS, as stated.
        birth_date: YYYYMMDD. sex: PatientSex.
        instances: NumberOfStudyRelatedInstances; None where it does not say.
    """

    study_instance_uid: str
    patient_name: str = ""
    patient_id: str = ""
    birth_date: str = ""
    sex: str = ""
    study_date: str = ""
    study_time: str = ""
    accession_number: str = ""
    description: str = ""
    modalities: tuple[str, ...] = ()
    body_part: str = ""
    instances: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question.

    Attributes:
        studies: newest first.
        more: the other system has more than were asked for.
    """

    said: Said
    studies: tuple[FoundStudy, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of fetching a study.

    Attributes:
        files: objects that lie in the incoming folder now, written whole. had: objects that lay there before.
        missing: objects that the other system promised and did not bring.
    """

    said: Said
    files: int = 0
    had: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Meant:
    """Whose object a file is; compared with the file itself before it is sent.

    Attributes:
        patient_id: as `Identity` has it, one clean line; '' where the file has none.
    """

    sop_instance_uid: str
    study_instance_uid: str
    patient_id: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending objects to one system; each SOP Instance UID stands in exactly one of these.

    Attributes:
        accepted: it has them now (also where it had them before).
        refused: why it will not take them, by SOP Instance UID.
        unsent: those that did not get that far and may be tried again.
    """

    said: Said
    accepted: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    unsent: tuple[str, ...] = ()


class NodeEventKind(StrEnum):
    """What the node that listens has to tell."""

    LISTENING = "listening"  # it has begun
    STORED = "stored"  # an object lies in the incoming folder now
    REFUSED = "refused"  # a connection or an object was not taken
    FAULT = "fault"  # something here is wrong, such as a full disk; it goes on listening
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class NodeEvent:
    """One thing that the node tells; for logs, footers and terminals, so it names nobody.

    Attributes:
        sentence: what happened and, of a fault, what to do about it; '' of what is stored.
        path: of an object that is stored, where; None of one that lay there already.
        count: how many of the same this stands for: refusals that come quickly are told together.
    """

    kind: NodeEventKind
    sentence: str = ""
    path: Path | None = None
    count: int = 1
