"""Names of files of a medium as they may be said: without what may be a name or a number of a patient.

Writers name folders after patients. What is not there has to be named all the same, so that it can be looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_HIDDEN = "…"
_LETTERS, _DIGITS = re.compile(r"[a-z]+"), re.compile(r"\d{3,}")
# What writers number by themselves.
_PLAIN = re.compile(
    r"(dicom|dcm|data|files?|i|im|img|images?|s|se|ser|series|st|stu|study|cr|ct|dx|mr|us|xr)?_?\d{0,5}(\.[a-z]{3})?"
)
_MAX_DIGITS = 6  # of a number that is none of a patient's for certain, where the patients' are known


class Mask:
    """Hides in a name what resembles the patients of an index.

    Args:
        stated: names, identifiers and dates of the patients and studies, as they lie in the file. Where there are none,
            or letters beyond ASCII, which may be spelled in any way on a disk, only what is plainly a writer's own
            name is shown.
    """

    def __init__(self, stated: Iterable[bytes]) -> None:
        values = set(stated)
        known = " ".join(value.decode("latin-1").lower() for value in values)
        self._strict = not known.strip() or not known.isascii() or "\x1b" in known
        self._words = {word for word in _LETTERS.findall(known) if len(word) > 2}
        self._beginnings = {word[:2] for word in _LETTERS.findall(known)}
        self._numbers = _DIGITS.findall(known)

    def shown(self, steps: Iterable[str]) -> str:
        """A way to a file, with an ellipsis for each step that is hidden."""
        return "/".join(step if self._may_be_shown(step.lower()) else _HIDDEN for step in steps) or _HIDDEN

    def _may_be_shown(self, step: str) -> bool:
        if _PLAIN.fullmatch(step):
            return True
        if self._strict or not (step.isascii() and step.isprintable()) or step.count(".") > 1:
            return False
        if any(word in step for word in self._words):
            return False
        if any(word[:2] in self._beginnings for word in _LETTERS.findall(step)):  # cut short, or spelled otherwise
            return False
        return not any(
            len(number) > _MAX_DIGITS or any(number in other or other in number for other in self._numbers)
            for number in _DIGITS.findall(step)
        )
