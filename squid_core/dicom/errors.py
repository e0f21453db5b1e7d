"""The one distinction the reader's callers need: a file that is no image is skipped, all else is an error."""

from __future__ import annotations

from squid_core.contracts import SquidError


class NotAnImageError(SquidError):
    """A sound file that holds no image for a viewer; its title says what it is."""
