"""The worklist as plain text."""

from __future__ import annotations

from collections import Counter

from app.domain.masking import Masking
from app.domain.study import ImageItem, Study
from app.domain.worklist import Worklist

HEADINGS = ("Patient", "Date", "State", "Score", "Percentile", "Weights", "Message")
RIGHT = (3, 4)
MAX_CELL = 40
NOTHING = "-"


def worklist_table(worklist: Worklist, masking: Masking = Masking()) -> str:  # noqa: B008 - frozen
    """An aligned table, one row a study in reading order; other outcomes within a study are said below it."""
    rows: list[tuple[str, ...]] = [HEADINGS]
    for study in map(masking.study, worklist.studies):
        rows.append(_row(study))
        rows.extend(_others(study))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(row, widths) for row in (rows[0], rule, *rows[1:]))


def _row(study: Study) -> tuple[str, ...]:
    who, date = study.identity, study.date.isoformat() if study.date else NOTHING
    return (_plain(who.patient_name or who.patient_id), date, *_outcome(study.top_image))


def _others(study: Study) -> list[tuple[str, ...]]:
    """What became of the other images of a study: each that has a score, the rest counted by outcome."""
    top = study.top_image
    rest = Counter(_outcome(image) for image in study.images if image.key != top.key)
    return [(f"  + {count} image{'s' if count > 1 else ''}", "", *outcome) for outcome, count in rest.items()]


def _outcome(image: ImageItem) -> tuple[str, ...]:
    return (
        "asks" if image.asks else str(image.state),
        NOTHING if image.score is None else f"{image.score:.3f}",
        NOTHING if image.percentile is None else f"{image.percentile:.1f}",
        _plain(image.weights),
        image.message,
    )


def _plain(text: str) -> str:
    """One cell of text from a file: no control characters, no line breaks, not too long."""
    cell = "".join(character if character.isprintable() else " " for character in text).strip()
    return (cell if len(cell) <= MAX_CELL else cell[: MAX_CELL - 1] + "…") or NOTHING


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [
        cell.rjust(width) if column in RIGHT else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
