"""Text of a file in the characters that it is written in (PS3.5 6.1, PS3.3 C.12.1.1.2), whatever the file says of them.

Specific Character Set (0008,0005) is often absent, misspelt, or names Latin-1 over UTF-8, GBK or Big5. Each text is
taken by itself: what is UTF-8 is read so, what reads as words in Latin-1 is read so, the rest in the default character
set that the user has chosen. What is left cannot be told: a mark of its bytes stands for it, never half of it.

pydicom is handed a Python codec of this module's in the place of the file's own, so that every value, in sequences
too, comes this one way.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from argparse import ArgumentTypeError
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from squid_core.contracts.charset import Charset
from squid_core.text import is_unreadable, unreadable

_UNSTATED = "nothing"  # no set, or one that says nothing of the bytes beyond ASCII
_LATIN = "latin_1"
_UTF8 = "utf_8"
_PREFIX = "dicom."
UNTOLD = "?"  # of a reading: nobody can tell
_CODECS: dict[Charset, tuple[str, ...]] = {
    Charset.GBK: ("gb18030",),
    Charset.BIG5: ("cp950", "big5hkscs"),
    Charset.SHIFT_JIS: ("cp932",),
    Charset.EUC_KR: ("cp949",),
    Charset.CYRILLIC: ("cp1251",),
    Charset.WESTERN: ("cp1252",),
}
_CALLED = {
    Charset.GBK: "GBK",
    Charset.BIG5: "Big5",
    Charset.SHIFT_JIS: "Shift-JIS",
    Charset.EUC_KR: "EUC-KR",
    Charset.CYRILLIC: "Windows-1251",
    Charset.WESTERN: "Windows-1252",
}
# PS3.3 tables C.12-2 to C.12-5, by their numbers in the ISO register: Python's names, as pydicom has them.
_REGISTERED = {
    6: _UNSTATED, 13: "shift_jis", 14: "shift_jis", 58: "iso_ir_58", 87: "iso2022_jp", 100: _LATIN, 101: "iso8859_2",
    109: "iso8859_3", 110: "iso8859_4", 126: "iso_ir_126", 127: "iso_ir_127", 138: "iso_ir_138", 144: "iso_ir_144",
    148: "iso_ir_148", 149: "euc_kr", 159: "iso2022_jp_2", 166: "iso_ir_166", 192: _UTF8, 203: "iso8859_15",
}  # fmt: skip
_REGISTER = re.compile(r"(?:ISO)?(?:2022)?(?:IR)?(\d{1,3})")
_NAMED = (  # other ways in which files name a set, letters and digits only
    (re.compile(r"UTF8|UNICODE"), _UTF8),
    (re.compile(r"GB18030"), "gb18030"),
    (re.compile(r"(?:ISO2022)?GBK|(?:CP|WINDOWS|MS)936|GB2312|(?:ISO2022)?58|EUCCN"), "gb18030"),
    (re.compile(r"BIG5|(?:CP|WINDOWS|MS)950"), "cp950"),
    (re.compile(r"(?:CSSHIFT|SHIFT|S)JIS|MSKANJI|(?:CP|WINDOWS|MS)9(?:32|31J)"), "cp932"),
    (re.compile(r"EUCKR|KSC5601|KSX1001|UHC|(?:CP|WINDOWS|MS)949"), "cp949"),
    (re.compile(r"EUCJP"), "euc_jp"),
    (re.compile(r"(?:US)?ASCII|ISO646"), _UNSTATED),
    (re.compile(r"LATIN1|ISO88591|L1"), _LATIN),
    (re.compile(r"LATIN2"), "iso8859_2"),
    (re.compile(r"KOI8R"), "koi8_r"),
    (re.compile(r"TIS620"), "iso_ir_166"),
)
_NUMBERED = re.compile(r"ISO8859([2-9]|1[013-6])$|(?:CP|WINDOWS)(125[0-8])$")
_ESCAPED = tuple(_REGISTERED[number] for number in (100, 87, 159, 13, 149, 58, 101, 126, 144))  # that are met in names
# Multi-byte sets whose bytes stand beyond ASCII without an escape, or also where the escape before them was left out.
_WITHOUT_ESCAPE = ("euc_kr", "iso_ir_58", "gb18030", "cp950", "cp932", "cp949", "euc_jp")
_WIDER = {"euc_kr": "cp949", "shift_jis": "cp932"}  # as the programs write it that name the set
_CUT_BYTES = 60  # a text of this length may have been cut at 64 bytes, within a character
_FIRST_TRAIL = 0xA1  # of the common characters of GB 2312, Big5 and KS X 1001 that begin with C2 to DF
# Signs that stand among words of Western Europe. A byte beyond ASCII with none before it, and behind it one below 40 or
# nothing, is half of no character of a two-byte set.
_SIGNS = re.compile(
    r"(?<![^\x00-\x7F])[^\x00-\x7F](?=[\x00-\x3F]|$)|(?<=[A-Za-z])[’´](?=[^\W\d_])|(?<=[^\W\d_])[’´](?=[A-Za-z])"
    r"|(?<=[\d ])µ(?=[A-Za-z])|(?<![^\x00-\x7F])(?:«(?=[^»]{0,64}»)|“(?=[^”]{0,64}”)|„(?=[^“”]{0,64}[“”]))"
)
_NO_LETTERS = frozenset("ªºµƒˆ˜")  # though Unicode calls them so
_WORD = re.compile(r"[^\W\d_]+")
_THREE = re.compile(r"[^\x00-\x7F]{3}")
# What no word does in a name, and every second character of Big5: a letter alone before a parting sign, or a bracket.
_HALVES = re.compile(r"[^\x00-\x7F][@\[\]_`{|}~]|(?<![^\W\d_])[^\x00-\x7F][\\^]")
_ONE_BY_ONE = re.compile(r"(?:[^\x00-\x7F][A-Za-z][\\^ ]*)+")  # two letters, and no other word: a character of Big5
_ALONE = re.compile(r"[\x00-\x7F]*[^\x00-\x7F][A-Za-z][\x00-\x7F]*")  # UTF-8 by chance: two characters of GBK
_NO_TEXT = ("Cc", "Cn", "Co")
_LAST_LETTER = "\u045f"  # of the Cyrillic of Russian, Ukrainian and Serbian
_SHORT = frozenset(map(chr, range(0x80, 0x800)))  # two bytes in UTF-8

UNREADABLE = (
    "Some text of this file cannot be read for sure in its character set, so a code stands for it. If you know in "
    "which one it was written, choose that as the default character set, in the settings or with --charset."
)

_chosen: ContextVar[Charset] = ContextVar("charset", default=Charset.AUTOMATIC)


@dataclass(frozen=True, slots=True)
class TextReading:
    """A text, and in which characters it was read though its file states others: '' for as stated."""

    text: str
    otherwise: str = ""


def charset_notices(values: Iterable[bytes], encodings: list[str]) -> tuple[str, ...]:
    """What is to be said of a file's text: in which characters it is read though its header states none or others."""
    beyond = (value for value in values if not value.isascii() and b"\x1b" not in value)
    otherwise = dict.fromkeys(found.otherwise for value in beyond if (found := reading(value, encodings)).otherwise)
    untold = UNREADABLE if otherwise.pop(UNTOLD, UNTOLD) is None else ""
    said = [f"Text is read as {name}, which the file does not state." for name in otherwise]
    return tuple(filter(None, [*said, untold]))


@contextmanager
def default_charset(charset: Charset) -> Iterator[None]:
    """Read files with this default character set."""
    token = _chosen.set(charset)
    try:
        yield
    finally:
        _chosen.reset(token)


@lru_cache(maxsize=64)
def codec_named(name: str) -> str:
    """Python's name of a character set, however the file spells it; of an unknown one, that of none."""
    letters = re.sub(r"[^A-Z0-9]", "", name.upper())
    if match := _REGISTER.fullmatch(letters):
        return _REGISTERED.get(int(match[1]), _UNSTATED)
    if match := _NUMBERED.match(letters):
        return f"iso8859_{match[1]}" if match[1] else f"cp{match[2]}"
    return next((codec for pattern, codec in _NAMED if pattern.match(letters)), _UNSTATED)


def to_charset(name: str) -> Charset:
    """A default character set by a name that a user may give it on a command line.

    Raises:
        ArgumentTypeError: there is none of this name.
    """
    if (plain := name.strip().lower()) in [*Charset]:
        return Charset(plain)
    codec = "cp1252" if codec_named(name) == _LATIN else codec_named(name)
    for charset, names in _CODECS.items():
        if codec in names:
            return charset
    raise ArgumentTypeError(f"choose from {', '.join(Charset)}")


def encodings_of(named: tuple[str, ...]) -> list[str]:
    """What pydicom is to decode text with whose file states these character sets."""
    stated = [codec_named(name) for name in named] or [_UNSTATED]
    # An escape says itself to which set it leads, whether the file states that set or not.
    extensions = dict.fromkeys((*(_LATIN if codec == _UNSTATED else codec for codec in stated), *_ESCAPED))
    first = stated[0]
    if _UTF8 in stated:  # which is to stand alone, and tells itself from the others
        first = _UTF8
    elif first in (_UNSTATED, _LATIN):
        first = next((codec for codec in stated[1:] if codec in _WITHOUT_ESCAPE), first)
    return [f"{_PREFIX}{_WIDER.get(first, first)}.{_chosen.get().value}", *extensions]


def reading(value: bytes, encodings: list[str]) -> TextReading:
    """Text as the first of `encodings_of` reads it.

    Args:
        value: without escapes to other sets.
        encodings: see `encodings_of`.
    """
    stated, default = encodings[0].removeprefix(_PREFIX).split(".")
    return _reading(value, stated, Charset(default))


def _reading(value: bytes, stated: str, default: Charset) -> TextReading:
    # "=" parts the groups of a name and is no part of a character in any set; "^" and the backslash are.
    parts = [_part(part, stated, default) for part in value.split(b"=")]
    otherwise = next((part.otherwise for part in parts if part.otherwise), "")
    return TextReading("=".join(part.text for part in parts), otherwise)


def _part(value: bytes, stated: str, default: Charset) -> TextReading:
    if value.isascii():
        return TextReading(value.decode("ascii"))
    utf8 = _utf8(value, stated=stated == _UTF8)
    if stated not in (_UNSTATED, _LATIN, _UTF8):
        own = _strictly(value, stated)
        if own is not None and (utf8 is None or _beyond(utf8).issubset(_SHORT) or _ALONE.fullmatch(utf8)):
            return TextReading(own)
    if utf8 is not None:
        if "\ufffd" in utf8 and not is_unreadable(utf8):  # another program has lost what stood there
            return TextReading(unreadable(value), UNTOLD)
        return TextReading(utf8, "" if stated == _UTF8 else "UTF-8")
    western = _western(value)
    if western is not None and (stated == _LATIN or default is not Charset.CYRILLIC):
        return TextReading(western, "" if stated in (_LATIN, _UNSTATED) else _CALLED[Charset.WESTERN])
    for codec in _CODECS.get(default, ()):
        if (chosen := _strictly(value, codec)) is not None:
            return TextReading(chosen, _CALLED[default])
    if western is not None:
        return TextReading(western)
    return TextReading(unreadable(value), UNTOLD)


def _strictly(value: bytes, codec: str) -> str | None:
    """The text; None where the bytes are none in this set, controls beyond ASCII among them."""
    try:
        text = value.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None
    return None if any(unicodedata.category(letter) in _NO_TEXT for letter in _beyond(text)) else text


def _utf8(value: bytes, *, stated: bool) -> str | None:
    """The text; None where the bytes are no UTF-8, or, unless that is stated, might be two-byte text of another set."""
    try:
        text = value.decode()
    except UnicodeDecodeError as error:
        if len(value) < _CUT_BYTES or error.end < len(value) or error.reason != "unexpected end of data":
            return None
        text = value[: error.start].decode()
    beyond = _beyond(text)
    if stated:
        return text
    if any(unicodedata.category(letter) in _NO_TEXT for letter in beyond):
        return None
    if not beyond.issubset(_SHORT):
        return text
    words = _words(text)
    sure = any(0x7F < byte < _FIRST_TRAIL for byte in value)  # no common two-byte text of another set
    if not words or not all(map(_is_word, words)) or (not sure and max(beyond) > _LAST_LETTER):
        return None
    return text if any(_is_long(word, 2 if sure else 3) for word in words) else None


def _western(value: bytes) -> str | None:
    """The text in Latin-1 as Windows extends it; None where it does not read as words of Western Europe."""
    text = _strictly(value, "cp1252")
    words = _words(text) if text is not None else None
    if text is None or words is None or not all(map(_is_word, words)):
        return None
    return None if _HALVES.search(text) or _ONE_BY_ONE.fullmatch(text.rstrip(" \0")) else text


def _beyond(text: str) -> set[str]:
    return {letter for letter in text if not letter.isascii()}


def _words(text: str) -> list[str] | None:
    """Words with letters beyond ASCII; None where other signs beyond ASCII stand in places of their own."""
    bare = _SIGNS.sub(lambda found: found[0] if found[0].isalpha() and found[0] not in _NO_LETTERS else " ", text)
    if any(unicodedata.category(letter)[0] not in "LM" or letter in _NO_LETTERS for letter in _beyond(bare)):
        return None
    return [word for word in _WORD.findall(bare) if not word.isascii()]


def _is_word(word: str) -> bool:
    """Whether letters stand as in a word of one script: capitals first or throughout, in Latin among plain letters."""
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
    beyond = sum(not letter.isascii() for letter in word)
    plain = len(word) - beyond
    if len(scripts) != 1:
        return False
    if scripts == {"LATIN"} and ((not plain and beyond > 1) or beyond > plain + 1 or _THREE.search(word)):
        return False
    for before, one, after in zip(f" {word}", word, word[1:], strict=False):
        rises = one.islower() and after.isupper()
        sinks = before.isupper() and one.isupper() and after.islower()
        if (rises or sinks) and not f"{one}{after}".isascii() and "ß" not in (one, after):
            return False
    return True


def _is_long(word: str, shortest: int) -> bool:
    return len(word) >= shortest if unicodedata.name(word[0], "")[:5] != "LATIN" else any(map(str.isascii, word))


def _find(name: str) -> codecs.CodecInfo | None:
    """Python asks for a codec by its name once, see `codecs.register`."""
    if not name.startswith(_PREFIX):
        return None
    stated, default = name.removeprefix(_PREFIX).split(".")
    charset = Charset(default.replace("_", "-"))

    def decode(data: Any, _errors: str = "strict", /) -> tuple[str, int]:  # noqa: ANN401 - any buffer
        value = bytes(data)
        return _reading(value, stated, charset).text, len(value)

    def encode(text: str, errors: str = "strict", /) -> tuple[bytes, int]:  # of names, which pydicom encodes once more
        return text.encode("utf-8", errors), len(text)

    return codecs.CodecInfo(encode, decode, name=name)


codecs.register(_find)
