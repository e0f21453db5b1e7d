"""Other studies of the same patient, and what is known of the one that is shown beside the current study."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.errors import Notice
from app.domain.patients import patient_key
from app.domain.study import Study
from app.domain.worklist import Worklist
from squid_core.contracts.radiograph import Radiograph, Window


def name_differs(one: Study, other: Study) -> bool:
    """Whether two studies with one Patient ID give two names; a study without a name contradicts nobody."""
    said = (study.identity.patient_name for study in (one, other))
    first, second = (sorted(name.replace("^", " ").replace(",", " ").casefold().split()) for name in said)
    return bool(first and second) and first != second


def studies_of_patient(worklist: Worklist, study: Study) -> tuple[Study, ...]:
    """The other studies with the Patient ID of `study`: newest first, those without a date last."""
    key = patient_key(study.identity.patient_id)
    if not key:
        return ()
    others = (other for other in worklist.of_patient(key) if other.uid != study.uid)
    return tuple(sorted(others, key=lambda other: (other.date or date.min, -other.arrival), reverse=True))


def years_apart(earlier: date, later: date) -> float:
    """Years between two dates; negative where the second is the earlier one."""
    return (later - earlier).days / 365.25


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A study of the same patient, or another view of the current one, that is shown beside it.

    Attributes:
        study: as the worklist had it when it was opened. image_key: its image that is shown.
        radiograph: the decoded image; None until it is there. window: its own grey window.
        loading: what is being waited for; '' when nothing. error: why it cannot be shown.
        name_differs: the two studies have one Patient ID and two names.
        other_view: it is another image of the very study, such as the lateral beside the frontal.
    """

    study: Study
    image_key: str
    radiograph: Radiograph | None = None
    window: Window | None = None
    loading: str = ""
    error: Notice | None = None
    name_differs: bool = False
    other_view: bool = False

    def with_radiograph(self, radiograph: Radiograph, window: Window) -> Beside:
        """With the decoded image, under the window that it begins with."""
        return replace(self, radiograph=radiograph, window=window, loading="")

    def with_window(self, window: Window) -> Beside:
        """Under another grey window."""
        return replace(self, window=window)

    def failed(self, error: Notice) -> Beside:
        """With the reason why there is no image."""
        return replace(self, loading="", error=error)
