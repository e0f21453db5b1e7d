"""What a text says of an image, in whatever language of `words` it is written.

Letters are folded first: capitals, accents and full width do not count. Where a script has gaps between words, words
are compared as a whole; Chinese, Japanese and Korean are read from left to right, the longest known word first, so that
the thoracic spine is not taken for a chest. What is left over in a script without a word known here was not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from squid_core.dicom.header.words import WORDS, Notion

MAX_TEXT = 2048  # characters of a text that are read
_SHORTEST = 3  # letters of a word that may mean something; below are numbers of rooms and initials

_RUNS = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af"  # kana, Han, Hangul
_OF_A_RUN = re.compile(f"[{_RUNS}]")
_TOKENS = re.compile(rf"(?P<run>\d?[{_RUNS}]+)|(?:(?![{_RUNS}])[^\W\d_])+|\d+")
_INITIALS = re.compile(
    r"(?<=\b[A-Z])\.(?=[A-Z]\b)|(?<=\b[AP])[./-]{1,2}(?=[AP]\b)|(?<=\bL)-(?=L\b)"
)  # "p.a." and "p-a" are PA
_PLAIN = str.maketrans({"Ł": "L", "Ø": "O", "Đ": "D", "Æ": "AE", "Œ": "OE"})
_SPELT_OUT = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "Ø": "OE", "Å": "AA"})
_LAST_WITH_ACCENTS = "\u0530"  # Latin, Greek and Cyrillic lie below; elsewhere a mark makes another letter
# Bytes of another character set shown as Western European: controls, signs among letters, letters with accents alone.
_GARBLED = re.compile(
    "[\x80-\x9f\ufffd]|[\xa1-\xbf\xd7\xf7][\xc0-\xff]|[\xc0-\xff][\xa1-\xbf\xd7\xf7]|(?<![A-Za-z])[\xc0-\xff]{2,}(?![A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What was read in a text.

    Attributes:
        notions: all that its words say.
        unread: it has words in a script that none here covers, or no word that is known here.
    """

    notions: frozenset[Notion] = frozenset()
    unread: bool = False


def wording(texts: Iterable[str]) -> Wording:
    """What texts say together."""
    notions: set[Notion] = set()
    strange, words = False, 0
    for text in texts:
        found, unknown = _read(text[:MAX_TEXT])
        notions |= found
        strange |= bool(_GARBLED.search(text[:MAX_TEXT])) or any(not word.isascii() for word in unknown)
        words += sum(len(word) >= _SHORTEST for word in unknown)
    return Wording(frozenset(notions) - {Notion.NEUTRAL}, strange or (bool(words) and not notions))


def is_lateral(view: str, orientation: tuple[str, ...]) -> bool:
    """Whether an image was taken from the side.

    Args:
        view: View Position (0018,5101) in the file's words; '' where it says nothing.
        orientation: Patient Orientation (0020,0020), which decides where the view is not said.
    """
    if view:
        named = wording([view]).notions
        return Notion.LATERAL in named and Notion.FRONTAL not in named
    return len(orientation) == 2 and orientation[0][:1] in ("A", "P")


def fold(text: str) -> str:
    """Capitals without accents; letters of Chinese, Japanese and Korean in their usual width."""
    if text.isascii():
        return text.upper()
    folded = []
    for letter in unicodedata.normalize("NFKC", text).upper():
        base = unicodedata.normalize("NFD", letter)[0]
        if base >= _LAST_WITH_ACCENTS:
            folded.append(letter)
        elif not unicodedata.combining(base):
            folded.append(base)
    return "".join(folded).translate(_PLAIN)


def _read(text: str) -> tuple[set[Notion], list[str]]:
    """What a text says, and its words that are not known."""
    tokens = list(_TOKENS.finditer(_INITIALS.sub("", fold(text))))
    words = [token[0] for token in tokens]
    pairs = [pair for pair in pairwise(words) if max(map(len, pair)) > 1]  # "T SPINE", "ANTERO-POSTERIOR"
    notions = {notion for first, second in pairs for notion in _meaning(first + second, beyond=len(first))}
    unknown: list[str] = []
    position = 0
    while position < len(words):
        length = next(n for n in (3, 2, 1) if n == 1 or tuple(words[position : position + n]) in _PHRASES)
        if length > 1:
            said = [(words[position], _PHRASES[tuple(words[position : position + length])])]
        elif tokens[position]["run"]:
            said = [(part[0], _FOUND.get(part[0], frozenset())) for part in _PARTS.finditer(words[position])]
        else:
            said = [(words[position], _meaning(words[position]))]
        for word, meaning in said:
            notions |= meaning
            if not meaning and not word.isdecimal():
                unknown.append(word)
        position += length
    return notions, unknown


def _meaning(word: str, *, beyond: int = 0) -> frozenset[Notion]:
    """What a word says by itself, else by a beginning of more letters than `beyond` and the rest, or by its end."""
    if word in _EXACT:
        return _EXACT[word]
    begins = [_BEGINS.get(word[:length], frozenset()) for length in range(beyond + 1, len(word) + 1)]
    begins += [_EXACT.get(word[length:], frozenset()) for length, said in enumerate(begins, beyond + 1) if said]
    ends = (_ENDS.get(word[start:], frozenset()) for start in range(len(word) if not beyond else 0))
    return frozenset[Notion]().union(*begins, *ends)


_EXACT: dict[str, frozenset[Notion]] = {}
_BEGINS: dict[str, frozenset[Notion]] = {}
_ENDS: dict[str, frozenset[Notion]] = {}
_FOUND: dict[str, frozenset[Notion]] = {}  # anywhere in a run of a script without gaps
_PHRASES: dict[tuple[str, ...], frozenset[Notion]] = {}


def _enter(word: str, notion: Notion) -> None:
    """Enter a word of the table, in its own spelling and with umlauts spelt out."""
    for spelling in {fold(word), fold(unicodedata.normalize("NFC", word).upper().translate(_SPELT_OUT))}:
        bare = spelling.strip("*")
        if "_" in bare:
            phrase = tuple(token[0] for token in _TOKENS.finditer(bare.replace("_", " ")))
            _PHRASES[phrase] = _PHRASES.get(phrase, frozenset()) | {notion}
            continue
        if _OF_A_RUN.search(bare):
            table = _FOUND
        else:
            table = _BEGINS if spelling.endswith("*") else _ENDS if spelling.startswith("*") else _EXACT
        table[bare] = table.get(bare, frozenset()) | {notion}


for _notion, _languages in WORDS.items():
    for _word in " ".join(_languages.values()).split():
        _enter(_word, _notion)
_PARTS = re.compile("|".join([*sorted(_FOUND, key=len, reverse=True), "."]))
