"""The columns of a compact row: what they say, and which of them find room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from PySide6.QtGui import QFontMetrics

from app.domain.settings import ListColumn
from app.domain.study import Reading, Study
from app.i18n.language import tr
from app.ui.words.words import age_words, called, date_words, percentile_short, score_words, state_word
from squid_core.privacy import UNREAD_NAME

GAP = 10  # pixels between two columns
BAR_LENGTH = 30  # of the bar behind a score
NAME_LETTERS = 16  # that the name has room for before other columns do
# What takes as much room as the longest of them; the others share what is left.
_SAMPLES = {
    ListColumn.SCORE: "(0.88)",
    ListColumn.PERCENTILE: "100th",
    ListColumn.PATIENT_ID: "000000000",
    ListColumn.AGE: "M 88 y",
    ListColumn.DATE: "0000-00-00",
    ListColumn.ACCESSION: "A00000000",
    ListColumn.WAITING: "0000-00-00",
}
# Those that give way first where the list is narrow.
_GIVE_WAY = (
    ListColumn.WAITING,
    ListColumn.ACCESSION,
    ListColumn.DESCRIPTION,
    ListColumn.PATIENT_ID,
    ListColumn.DATE,
    ListColumn.AGE,
    ListColumn.PERCENTILE,
    ListColumn.STATE,
    ListColumn.SCORE,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A column and its place in a row: pixels from the row's left."""

    column: ListColumn
    left: int
    width: int


def place_columns(
    columns: frozenset[ListColumn], width: int, metrics: QFontMetrics, state_width: int
) -> tuple[Placed, ...]:
    """Lay columns into a row.

    Args:
        columns: those that are wanted; the name always is.
        width: pixels that there are.
        metrics: of the row's boldest font.
        state_width: of the longest word for a state.
    """
    wanted = set(columns) | {ListColumn.NAME}
    fixed = {column: metrics.horizontalAdvance(sample) + 2 for column, sample in _SAMPLES.items()}
    fixed[ListColumn.SCORE] += BAR_LENGTH + 6
    fixed[ListColumn.STATE] = state_width + 2
    least = {
        ListColumn.NAME: NAME_LETTERS * metrics.averageCharWidth(),
        ListColumn.DESCRIPTION: 8 * metrics.averageCharWidth(),
    }
    needs = fixed | least

    def taken() -> int:
        return sum(needs[column] for column in wanted) + GAP * (len(wanted) - 1)

    for column in _GIVE_WAY:
        if taken() <= width:
            break
        wanted.discard(column)
    spare = max(width - taken(), 0)
    share = spare // 2 if ListColumn.DESCRIPTION in wanted else spare
    placed, left = [], 0
    for column in ListColumn:
        if column in wanted:
            own = needs[column] + (share if column in least else 0)
            placed.append(Placed(column, left, min(own, width - left)))
            left += own + GAP
    return tuple(placed)


def column_text(study: Study, column: ListColumn, *, masked: bool) -> str:
    """What a column says of a study, as it may be shown."""
    who = study.identity
    match column:
        case ListColumn.SCORE:
            return "" if study.score is None else score_words(study.score, study.outside_memory)
        case ListColumn.PERCENTILE:
            return "" if study.percentile is None or study.outside_memory else percentile_short(study.percentile)
        case ListColumn.NAME:  # a patient's ID is not cut where a pseudonym stands before it
            unread = UNREAD_NAME.fullmatch(who.patient_name)
            return tr("ID {number}").format(number=unread[2]) if unread else called(study)
        case ListColumn.PATIENT_ID:
            return who.patient_id
        case ListColumn.AGE:
            return " ".join(part for part in (who.patient_sex, age_words(who.patient_age)) if part)
        case ListColumn.DATE:
            return date_words(study.date, masked)
        case ListColumn.DESCRIPTION:
            return study.description
        case ListColumn.ACCESSION:
            return who.accession_number
        case ListColumn.STATE:
            return "" if study.score is not None and not study.message else state_word(study)
        case ListColumn.WAITING:
            return _waiting_words(study, masked=masked)


def _waiting_words(study: Study, *, masked: bool) -> str:
    """Since when it waits to be read: when its first file was written; the hour where that was today."""
    written = [image.modified_ns for image in study.images if image.modified_ns]
    if masked or not written or study.reading is Reading.READ:
        return ""
    since = datetime.fromtimestamp(min(written) / 1e9, tz=UTC).astimezone()
    return f"{since:%H:%M}" if since.date() == date.today() else f"{since:%Y-%m-%d}"  # noqa: DTZ011 - the reader's day
