"""The distinctions the reader's callers need: no image (skipped) or broken (an error), and what a file leads to.

And the one advice on what is broken.
"""

from __future__ import annotations

from squid_core.contracts.errors import SquidError
from squid_core.dicom.source import Source

SEND_AGAIN = "Ask for it to be sent again."


class NotAnImageError(SquidError):
    """A sound file that holds no image for a viewer; its title says what it is.

    Attributes:
        contents: where an archive or index leads: each may hold an image.
    """

    contents: tuple[Source, ...] = ()


class ChangedError(SquidError):
    """A file that was written while it was read: what was read is nobody's."""

    def __init__(self) -> None:
        super().__init__("This file is still being written.", "Open it again when it is complete.")


class DamagedIndexError(SquidError):
    """An index that names what is not there.

    Attributes:
        contents: what it names that is there.
    """

    contents: tuple[Source, ...] = ()
