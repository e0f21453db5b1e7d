"""States and numbers in the words of the reading room. Plain text."""

from __future__ import annotations

import math
from datetime import date
from pathlib import PurePosixPath

from app.domain.errors import Notice, Severity
from app.domain.importing import ImportReport
from app.domain.jobs import PENDING, JobState
from app.domain.study import ImageItem, Judgement, Reading, Study
from app.i18n.language import QT_TR_NOOP, join, say, tr
from squid_core.contracts.radiograph import Identity
from squid_core.dicom.container.scan import printable
from squid_core.privacy import MASKED_NAME, UNREAD_NAME

# Marked here, translated by whoever shows them.
RESEARCH_USE = QT_TR_NOOP("Research use only. Not a medical device.")
WHAT_IF_BADGE = QT_TR_NOOP("WHAT-IF, worklist unchanged")
UNNAMED = QT_TR_NOOP("Unnamed patient")
UNSOUND = QT_TR_NOOP("Unlike memory")  # of a score: its image resembles nothing that the detector has seen
FILE_REPLACED = QT_TR_NOOP("File replaced")  # of a study whose image lies no longer where it was read
UNSOUND_WORDS = QT_TR_NOOP("unlike anything in memory: the score means little")
NO_DATE, MASKED_DATE = QT_TR_NOOP("no date"), QT_TR_NOOP("date masked")
SAME_PATIENT = QT_TR_NOOP(
    "Both studies have the same patient ID, but their names differ. Make sure that they are of one patient."
)
SHARED_STUDY_UID = QT_TR_NOOP(
    "The same study number (Study Instance UID) stands on the files of two patients. They are kept apart; make sure"
    " which images are whose."
)
SHARED_IMAGE_UID = QT_TR_NOOP(
    "Files of this study that differ have the same image number (SOP Instance UID). Make sure which one is meant."
)
REPLACED = QT_TR_NOOP(
    "Another image lies at this one's place now. The score is of the image that was read; it can be shown again once"
    " its file is back."
)
LAY_IN = QT_TR_NOOP("It lay in {folder}.")
DOT = "  ·  "  # between what stands in one line
INFANT_YEARS = 2.0  # younger ages are said in months
ALMOST = 1e-6  # of a month, by which a number of months that was made a number of years may fall short

_STATE_WORDS = {
    JobState.QUEUED: QT_TR_NOOP("Waiting"),
    JobState.READING: QT_TR_NOOP("Reading"),
    JobState.SCORING: QT_TR_NOOP("Scoring"),
    JobState.SCORED: QT_TR_NOOP("Scored"),
    JobState.VIEWABLE: QT_TR_NOOP("Not analysed"),
    JobState.SKIPPED: QT_TR_NOOP("No image"),
    JobState.ERROR: QT_TR_NOOP("Error"),
    JobState.CANCELLED: QT_TR_NOOP("Stopped"),
}


def state_word(item: Study | ImageItem) -> str:
    """A state in a word or two."""
    if open_question(item):
        return tr("Question")
    return tr(UNSOUND) if unsound(item) else tr(_STATE_WORDS[item.state])


def state_words() -> tuple[str, ...]:
    """Every word that `state_word` knows."""
    return (tr("Question"), tr(UNSOUND), *map(tr, _STATE_WORDS.values()))


def state_icon(item: Study | ImageItem) -> str:
    """Name of the icon of a state; every state has a shape of its own."""
    if open_question(item):
        return "question"
    if unsound(item):
        return "unlike"
    return "stopped" if item.state is JobState.CANCELLED else item.state.value  # the icons are named for the states


def open_question(item: Study | ImageItem) -> bool:
    """Whether what is shown of it is the question: nothing is scored and nothing is at work on it."""
    return item.asks and item.score is None and item.state not in PENDING


def unsound(item: Study | ImageItem) -> bool:
    """Whether it is scored and the score means little."""
    return item.state is JobState.SCORED and item.outside_memory


def score_words(score: float, outside_memory: bool) -> str:
    """A score; in brackets where it means little, so that no colour is needed to see that."""
    return f"({score:.2f})" if outside_memory else f"{score:.2f}"


def ordinal(number: int) -> str:
    """1 -> "1st"."""
    return _ordinal(number, (tr("{number}th"), tr("{number}st"), tr("{number}nd"), tr("{number}rd")))


def _ordinal(number: int, words: tuple[str, str, str, str]) -> str:
    """The words for th, st, nd and rd that English wants for a number."""
    last = 0 if 10 <= number % 100 <= 20 else number % 10
    return words[last if last <= 3 else 0].format(number=number)


def percentile_short(percentile: float) -> str:
    """For a narrow column: "97th"; rounded down, so that only a score above every normal is the 100th."""
    return ordinal(max(math.floor(percentile), 0))


def percentile_mark(percentile: float) -> str:
    """For a column that is narrower still: "97th pct."."""
    words = (tr("{number}th pct."), tr("{number}st pct."), tr("{number}nd pct."), tr("{number}rd pct."))
    return _ordinal(max(math.floor(percentile), 0), words)


def percentile_medium(percentile: float) -> str:
    """For a line that is too narrow for the sentence; '' where that is short."""
    return "" if percentile >= 100 else tr("{place} percentile").format(place=percentile_short(percentile))


def percentile_words(percentile: float) -> str:
    """For a sentence."""
    if percentile >= 100:
        return tr("above all held-out normals")
    if percentile < 1:
        return tr("below the 1st percentile of held-out normals")
    return tr("{place} percentile of held-out normals").format(place=percentile_short(percentile))


def age_words(years: float | None) -> str:
    """54 y, 7 months, or nothing."""
    if years is None:
        return ""
    if years < INFANT_YEARS:
        months = math.floor(years * 12 + ALMOST)
        return (tr("{months} month") if months == 1 else tr("{months} months")).format(months=months)
    return tr("{years} y").format(years=math.floor(years))


def patient_words(identity: Identity, file: str = "") -> str:
    """The patient's name, or what stands in its place: a pseudonym, the patient's ID, the file.

    Args:
        identity: whose, as it may be shown.
        file: what `file_words` says of it; '' where it may not be said.
    """
    if (pseudonym := MASKED_NAME.fullmatch(identity.patient_name)) is not None:
        return tr("Patient {pseudonym}").format(pseudonym=pseudonym[1])
    if (unread := UNREAD_NAME.fullmatch(identity.patient_name)) is not None:
        return tr("Patient {pseudonym} (ID {number})").format(pseudonym=unread[1], number=unread[2])
    if not identity.patient_name and identity.patient_id:
        return tr("ID {number}").format(number=identity.patient_id)
    return identity.patient_name or file or tr(UNNAMED)


def file_words(item: ImageItem) -> str:
    """A file by its name and folder, or a member by its name and archive, where no patient is named."""
    name = PurePosixPath(item.member).name or item.path.name
    words = tr("File {file} ({folder})").format(file=printable(name), folder=printable(item.container.name))
    return words if item.container.name else tr("File {file}").format(file=printable(name))


def called(study: Study) -> str:
    """What a study is called: by its patient, else by the file of its first image.

    Args:
        study: as it may be shown; one that is masked has a pseudonym, see `Masking.study`.
    """
    return patient_words(study.identity, file_words(study.images[0]))


def person_parts(identity: Identity) -> tuple[str, ...]:
    """What tells a patient from another of the same name: ID, birth date and age, sex, as far as they are known.

    Args:
        identity: whose, as it may be shown; the ID is left out where it stands in the place of the name.
    """
    named = identity.patient_name and UNREAD_NAME.fullmatch(identity.patient_name) is None
    number = tr("ID {number}").format(number=identity.patient_id) if named and identity.patient_id else ""
    age, born = age_words(identity.patient_age), identity.patient_birth_date
    if born is not None:
        date_ = tr("born {date}").format(date=born.isoformat())
        age = tr("{born}, {age}").format(born=date_, age=age) if age else date_
    return tuple(part for part in (number, age, identity.patient_sex) if part)


def accession_words(identity: Identity) -> str:
    """The order behind the study; '' where the file names none."""
    return tr("Accession {number}").format(number=identity.accession_number) if identity.accession_number else ""


def date_words(when: date | None, masked: bool = False) -> str:
    """A study's date; why there is none where there is none."""
    if masked:
        return tr(MASKED_DATE)
    return when.isoformat() if when else tr(NO_DATE)


def study_words(identity: Identity, masked: bool = False) -> str:
    """Date; modality, body part and view; accession number: in one line."""
    kind = " ".join(part for part in (identity.modality, identity.body_part, identity.view_position) if part)
    parts = (date_words(identity.study_date, masked), kind, accession_words(identity))
    return DOT.join(part for part in parts if part)


def weights_words(weights: str, reason: str) -> str:
    """Which bundle, and why this one."""
    words = tr("{weights} weights, {reason}") if reason else tr("{weights} weights")
    return words.format(weights=weights, reason=say(reason))


def judgement_icon(judgement: Judgement) -> str:
    """Name of its icon: a tick, a cross or a ring in a box; each has a shape of its own."""
    return {Judgement.ACCEPTED: "accept", Judgement.REJECTED: "reject", Judgement.NORMAL: "normal"}[judgement]


def judgement_words(judgement: Judgement) -> str:
    """The reader's judgement; '' for none."""
    return {
        Judgement.ACCEPTED: tr("finding accepted by you"),
        Judgement.REJECTED: tr("finding rejected by you"),
        Judgement.NORMAL: tr("called normal by you"),
        Judgement.NONE: "",
    }[judgement]


def reading_word(reading: Reading) -> str:
    """How far the reader has come with a study."""
    return {Reading.UNREAD: tr("unread"), Reading.READING: tr("opened"), Reading.READ: tr("read")}[reading]


def row_words(study: Study, masked: bool = False) -> str:
    """A worklist line as a screen reader says it."""
    person = (*person_parts(study.identity), accession_words(study.identity))
    parts = [called(study), *(part for part in person if part), date_words(study.date, masked)]
    if study.score is not None:
        parts.append(tr("score {score}").format(score=f"{study.score:.2f}"))
    if study.outside_memory:
        parts.append(tr(UNSOUND_WORDS))
    elif study.percentile is not None:
        parts.append(percentile_words(study.percentile))
    parts.append(state_word(study))
    parts.append(reading_word(study.reading))
    if study.judgement is not Judgement.NONE:
        parts.append(judgement_words(study.judgement))
    if study.message:
        parts.append(say(study.message))
    parts += doubts_about(study, study.top_image)
    return tr(", ").join(parts)


def doubts_about(study: Study, image: ImageItem) -> list[str]:
    """Why it may be unclear what a study or an image of it is."""
    doubts = {REPLACED: image.replaced, SHARED_STUDY_UID: study.shares_uid, SHARED_IMAGE_UID: study.shares_image_uid}
    return [tr(words) for words, so in doubts.items() if so]


def notice_words(notice: Notice, masked: bool = False) -> str:
    """What happened, where, and what to do; a place is named only where names are not masked."""
    place = ""
    if notice.place is not None:
        words = tr("Names are masked, so the folder that it lay in is not named.") if masked else tr(LAY_IN)
        place = words.format(folder=printable(str(notice.place)))
    return join((say(notice.title), place, say(notice.advice)))


def severity_word(severity: Severity) -> str:
    """How much a notice matters."""
    return {Severity.INFO: tr("info"), Severity.WARNING: tr("warning"), Severity.ERROR: tr("error")}[severity]


def import_words(report: ImportReport) -> str:
    """A running import in one line."""
    words = tr("Importing: {found} files seen, {images} images")
    return words.format(found=report.found, images=report.images)


WHOLE_FROM = 100.0  # grey values from here on are said without decimals


def grey_number(value: float) -> str:
    """A modality value in plain digits: whole from 100 on, four figures below."""
    return (f"{value:.0f}" if abs(value) >= WHOLE_FROM else f"{value:.4g}").replace("-", "−")
