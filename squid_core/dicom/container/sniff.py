"""What a file is when it is not DICOM, from its first bytes, in plain words."""

from __future__ import annotations

SNIFF_BYTES = 512
PREAMBLE_BYTES = 128
MAGIC = b"DICM"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "a Windows thumbnail or Office file"),
    (b"\0\0\0\x01Bud1", "a macOS folder file"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"RIFF", "a sound or video file"),
)
PICTURES = {"a PNG picture": "PNG", "a JPEG picture": "JPEG"}  # those that are read, by what they are called here
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\x1b")


def has_magic(head: bytes) -> bool:
    """Whether `head` has the preamble and magic of PS3.10 7.1."""
    return head[PREAMBLE_BYTES : PREAMBLE_BYTES + len(MAGIC)] == MAGIC


def is_zip(head: bytes) -> bool:
    """Whether `head` begins a zip archive."""
    return head.startswith(ZIP_SIGNATURES)


def may_lack_preamble(head: bytes) -> bool:
    """Whether `head` could begin a data set without preamble: a first element of group 0002 or 0008.

    Only a plausible element counts: an explicit VR of the standard's, or an implicit length that is short.
    """
    if len(head) < 16 or (head[:4] == b"\0" * 4):
        return False
    little = head[0] in (0x02, 0x08) and head[1] == 0
    big = head[0] == 0 and head[1] in (0x02, 0x08)
    if not (little or big):
        return False
    order = "little" if little else "big"
    element = int.from_bytes(head[2:4], order)  # type: ignore[arg-type]
    if element > 0x2000:
        return False
    vr = head[4:6]
    explicit = vr in (b"UL", b"UI", b"CS", b"SH", b"LO", b"DA", b"TM", b"DT", b"OB", b"ST", b"AE", b"PN", b"SQ", b"UN")
    implicit = little and int.from_bytes(head[4:8], "little") <= 256
    return explicit or implicit


def describe(head: bytes) -> str:
    """A noun for a file that is not DICOM, such as "a PNG picture"."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    if is_zip(head):
        return "a zip archive"
    if head and not head.strip(b"\0"):
        return "a file of zeros"
    if _is_text(head):
        lowered = head.lstrip().lower()
        if lowered.startswith((b"<!doctype html", b"<html")):
            return "a web page"
        if lowered.startswith(b"<?xml"):
            return "an XML file"
        if lowered.startswith((b"{", b"[{")):
            return "a JSON file"
        return "a text file"
    return "a file of another kind"


def _is_text(head: bytes) -> bool:
    """No control bytes, and UTF-8 or nearly all ASCII."""
    if not head or any(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in head):
        return False
    try:
        head[: len(head) - 3 if len(head) == SNIFF_BYTES else len(head)].decode("utf-8")
    except UnicodeDecodeError:
        return sum(byte < 0x80 for byte in head) > 0.9 * len(head)
    return True
