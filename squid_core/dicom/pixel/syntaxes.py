"""Transfer syntaxes (PS3.5 annex A, PS3.6 A-1): which are read, what they are called, what is said of others."""

from __future__ import annotations

import re

from pydicom import uid

from squid_core.contracts.errors import SquidError

JPEG_LOSSLESS = frozenset[str]((uid.JPEGLossless, uid.JPEGLosslessSV1))
JPEG = frozenset[str](uid.JPEGTransferSyntaxes)
JPEG_LS = frozenset[str](uid.JPEGLSTransferSyntaxes)
JPEG_2000 = frozenset[str](  # HTJ2K too; not the components of part 2
    (uid.JPEG2000Lossless, uid.JPEG2000, uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K)
)
JPEG_XL_OF_JPEG, ANY_JPEG_XL = "1.2.840.10008.1.2.4.111", "1.2.840.10008.1.2.4.112"
JPEG_XL = frozenset(("1.2.840.10008.1.2.4.110", JPEG_XL_OF_JPEG, ANY_JPEG_XL))  # the first is lossless
PLAIN_FRAMES = "1.2.840.10008.1.2.1.98"  # Encapsulated Uncompressed Explicit VR Little Endian, PS3.5 A.4.11
DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"  # Deflated Image Frame Compression, PS3.5 A.4.13
WHOLE_FRAGMENTS = frozenset[str]((uid.RLELossless, PLAIN_FRAMES, DEFLATED_FRAMES))  # a frame is one fragment
UNCOMPRESSED = frozenset[str](
    (
        uid.ImplicitVRLittleEndian,
        uid.ExplicitVRLittleEndian,
        uid.DeflatedExplicitVRLittleEndian,
        uid.ExplicitVRBigEndian,
    )
)
LOSSY = frozenset[str](  # or may be
    (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLSNearLossless, uid.JPEG2000, uid.HTJ2K, ANY_JPEG_XL)
)
ELSEWHERE = frozenset(f"1.2.840.10008.1.2.4.{last}" for last in (94, 95, 204, 205))  # JPIP: pixels on a server
READ = UNCOMPRESSED | WHOLE_FRAGMENTS | JPEG | JPEG_LS | JPEG_2000 | JPEG_XL
_PRIVATE_NAMES = {"1.2.840.113619.5.2": "GE's private DLX form"}
_KIND_NAMES = {
    UNCOMPRESSED | {PLAIN_FRAMES}: "not compressed",
    frozenset((DEFLATED_FRAMES,)): "deflate coded",
    frozenset[str]((uid.RLELossless,)): "run-length coded",
    JPEG_LOSSLESS: "lossless JPEG",
    JPEG - JPEG_LOSSLESS: "JPEG",
    JPEG_LS: "JPEG-LS",
    JPEG_2000: "JPEG 2000",
    JPEG_XL: "JPEG XL",
}
_UID = re.compile(r"[0-9.]{1,64}")
UNREAD_ADVICE = "Ask for it uncompressed."


def refuse_unread(syntax: str) -> None:
    """Raise a SquidError on a transfer syntax that is not read, by its name where it has one. None is damage."""
    if syntax in READ:
        return
    known = uid.UID(syntax)
    registered = (
        known.name.removesuffix(" Transfer Syntax") if known.is_transfer_syntax and not known.is_private else ""
    )
    name = _PRIVATE_NAMES.get(syntax, registered)
    detail = syntax if _UID.fullmatch(syntax) else ""
    if name:
        raise SquidError(
            f"The picture is written or compressed in a way this program does not read: {name}.", UNREAD_ADVICE, detail
        )
    raise SquidError("The picture is written or compressed in a way this program does not read.", UNREAD_ADVICE, detail)


def kind_of(syntax: str) -> str:
    """What a picture in a transfer syntax that is read is called, after "it is"."""
    return next(name for family, name in _KIND_NAMES.items() if syntax in family)
