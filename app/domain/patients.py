"""Whose an image is, as far as its Patient ID says it."""

from __future__ import annotations

# What de-identification and hurried typing leave in Patient ID: it is nobody's, so it joins nothing.
NOBODY = frozenset({
    "0", "1", "-", ".", "x", "xx", "xxx", "na", "n/a", "none", "null", "nil", "unknown", "unk", "anon", "anonymous",
    "anonymized", "anonymised", "deidentified", "de-identified", "removed", "patient", "test", "noid", "no id",
})  # fmt: skip


def patient_key(patient_id: str) -> str:
    """What two studies of one patient share; '' where Patient ID (0010,0020) names nobody.

    Spaces round it are padding (PS3.5 6.2, LO). Capitals count: nothing says that an ID ignores them.
    """
    stripped = patient_id.strip()
    nobody = stripped.casefold() in NOBODY or not stripped.strip("0 -.*?")
    return "" if nobody else stripped
