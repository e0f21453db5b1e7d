"""The distinctions the reader's callers need: no image (skipped), broken or out of reach, and what a file leads to.

And the one advice on what is broken.
"""

from __future__ import annotations

import errno

from squid_core.contracts.errors import SquidError
from squid_core.dicom.source import Source

SEND_AGAIN = "Ask for it to be sent again."
NOT_THERE = "The file is no longer there."
_DISK_FAILED = "This file cannot be read from its disk."
UNREACHED = (NOT_THERE, _DISK_FAILED, "This file cannot be opened.")  # beginnings; the last was said of both before


class NotAnImageError(SquidError):
    """A sound file that holds no image for a viewer; its title says what it is.

    Attributes:
        contents: where an archive or index leads: each may hold an image.
    """

    contents: tuple[Source, ...] = ()


class PictureError(NotAnImageError):
    """A PNG or JPEG picture: no DICOM file, but `picture` reads it."""


class PresentationStateError(NotAnImageError):
    """A grayscale presentation state: how images of its study are to be shown (`presentation`)."""


class ChangedError(SquidError):
    """A file that was written while it was read: what was read is nobody's."""

    def __init__(self) -> None:
        super().__init__("This file is still being written.", "Open it again when it is complete.")


class IncompleteError(SquidError):
    """An archive or an index of which not everything can be opened.

    Attributes:
        contents: where it leads all the same.
    """

    contents: tuple[Source, ...] = ()


# What a disk says that is not there (any more) or does not work, and that says nothing of a file.
_UNREACHED = frozenset(
    getattr(errno, name)
    for name in (
        *("ENOENT", "ENOTDIR", "EIO", "ENXIO", "ENODEV", "ENOMEDIUM", "EREMOTEIO", "ESTALE", "ESHUTDOWN", "ENOTCONN"),
        *("ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ENETRESET", "ECONNABORTED"),
        *("ECONNRESET", "ECONNREFUSED", "ENOLINK", "ECOMM"),
    )
    if hasattr(errno, name)
)
# Windows: drive not ready, network path, device or name gone, out of time (winerror.h).
_UNREACHED_WINDOWS = frozenset((21, 53, 55, 59, 64, 67, 121, 1117, 1167, 1222, 1231, 1232))


def is_unreached(error: OSError) -> bool:
    """Whether it says that a file, a folder or its disk is not there, and not that it is damaged or forbidden."""
    return error.errno in _UNREACHED or getattr(error, "winerror", None) in _UNREACHED_WINDOWS


class UnreachedError(SquidError):
    """A file that could not be read because it is gone, or because its disk is gone, fails or does not answer."""

    @classmethod
    def of(cls, error: OSError) -> UnreachedError:
        """In words."""
        if isinstance(error, (FileNotFoundError, NotADirectoryError)):
            return cls(NOT_THERE, "Open it again when it is back.", type(error).__name__)
        return cls(_DISK_FAILED, "Check the disk or its connection.", type(error).__name__)
