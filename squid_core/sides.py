"""Which side of a picture is which of the patient, and a place of a chest in words. Left and right are the patient's.

All of it is what the file says in Patient Orientation (0020,0020): nothing is taken from the view or the picture, since
an AP picture may lie either way. Letters at the sides and words come from the same value, so they never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
MOST_LETTERS = 3  # of a direction, main letter first (PS3.3 C.7.6.1.1.1)
THIRD = 1 / 3  # a zone's share of the picture's height
MIDLINE = (0.42, 0.58)  # shares of the picture between which a place is on neither side

SIDES_UNKNOWN = (
    "The file does not fully say how the patient lies: these are places of the picture as it lies in the file."
)
PLACE_WORDS = {
    "upper right": "patient's right upper zone",
    "upper midline": "upper zone near the midline",
    "upper left": "patient's left upper zone",
    "middle right": "patient's right mid zone",
    "middle midline": "mid zone near the midline",
    "middle left": "patient's left mid zone",
    "lower right": "patient's right lower zone",
    "lower midline": "lower zone near the midline",
    "lower left": "patient's left lower zone",
    "upper front": "anterior upper zone",
    "upper depth": "upper zone between front and back",
    "upper back": "posterior upper zone",
    "middle front": "anterior mid zone",
    "middle depth": "mid zone between front and back",
    "middle back": "posterior mid zone",
    "lower front": "anterior lower zone",
    "lower depth": "lower zone between front and back",
    "lower back": "posterior lower zone",
    "upper picture left": "upper left of the picture",
    "upper picture middle": "upper middle of the picture",
    "upper picture right": "upper right of the picture",
    "middle picture left": "middle left of the picture",
    "middle picture middle": "middle of the picture",
    "middle picture right": "middle right of the picture",
    "lower picture left": "lower left of the picture",
    "lower picture middle": "lower middle of the picture",
    "lower picture right": "lower right of the picture",
}


@dataclass(frozen=True, slots=True)
class Sides:
    """How the patient lies in a picture, as it lies in the file.

    Attributes:
        right: letters of the patient's side towards which columns increase, main letter first; '' where not known.
        bottom: the same for rows.
    """

    right: str = ""
    bottom: str = ""

    @classmethod
    def of(cls, patient_orientation: Sequence[str]) -> Sides:
        """From Patient Orientation; what the file says of an axis counts only where it can be read."""
        if len(patient_orientation) != 2:
            return cls()
        return cls(*(_direction(value) for value in patient_orientation))

    @property
    def letters(self) -> dict[str, str]:
        """What stands at the picture's edges, named right, left, bottom and top, where it is known."""
        plus = {"right": self.right, "bottom": self.bottom}
        minus = {"left": _opposite(self.right), "top": _opposite(self.bottom)}
        return {edge: letters for edge, letters in (plus | minus).items() if letters}

    @property
    def are_known(self) -> bool:
        """Whether places are said as places of the patient."""
        return self._towards("F", 0.0, 0.0) is not None and (
            self._towards("L", 0.0, 0.0) is not None or self._towards("A", 0.0, 0.0) is not None
        )

    def place(self, row: float, column: float) -> str:
        """A place in words, without an article; one of PLACE_WORDS.

        Args:
            row: share of the picture, 0..1, from its upper edge as it lies in the file; of a laid chest the share of
                what the detector sees, which is never mirrored or turned.
            column: the same from its left edge.
        """
        if not self.are_known:
            return PLACE_WORDS[f"{_third(row)} picture {_side(column, ('left', 'middle', 'right'))}"]
        level = _third(self._towards("F", row, column) or 0.0)
        left, front = self._towards("L", row, column), self._towards("A", row, column)
        if left is not None:
            return PLACE_WORDS[f"{level} {_side(left, ('right', 'midline', 'left'))}"]
        return PLACE_WORDS[f"{level} {_side(front or 0.0, ('back', 'depth', 'front'))}"]

    def laterality(self, row: float, column: float) -> str:
        """The side of the patient that a place is on, "L" or "R"; '' near the midline, in a lateral, and not known."""
        left = self._towards("L", row, column) if self.are_known else None
        return "" if left is None else _side(left, ("R", "", "L"))

    def _towards(self, letter: str, row: float, column: float) -> float | None:
        """How far a place lies towards a side of the patient, 0..1; None where no axis of the picture runs there."""
        for main, along in ((self.right[:1], column), (self.bottom[:1], row)):
            if main == letter:
                return along
            if main == OPPOSITE[letter]:
                return 1 - along
        return None


def _direction(value: str) -> str:
    letters = value.strip().upper()[:MOST_LETTERS]
    return letters if all(letter in OPPOSITE for letter in letters) else ""


def _opposite(letters: str) -> str:
    return "".join(OPPOSITE[letter] for letter in letters)


def _third(share: float) -> str:
    return ("upper", "middle", "lower")[min(int(share / THIRD), 2)]


def _side(share: float, names: tuple[str, str, str]) -> str:
    low, high = MIDLINE
    return names[0] if share < low else names[2] if share > high else names[1]
