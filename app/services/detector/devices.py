"""Where the detector runs: as the user chose, and on the CPU where the graphics card has failed."""

from __future__ import annotations

from app.domain.errors import Notice, Severity
from squid_core.contracts.errors import DeviceFailedError
from squid_core.processes.held import ChildLostError, NoChildError

CPU = "cpu"
FAILURES = 2  # of the graphics card, after which the session goes on on the CPU

RESTARTED = Notice(
    Severity.INFO,
    "The detector's process ended and was started again.",
    "Nothing is lost; the image is tried once more.",
)
CARD_FAILED = Notice(
    Severity.WARNING,
    "The graphics card failed on an image, which is computed on the CPU instead.",
    "Every result says where it was computed.",
)
ON_THE_CPU = Notice(
    Severity.WARNING,
    "The graphics card does not work; the detector goes on on the CPU.",
    "Every result says where it was computed. Choose a device in the settings to try the graphics card again.",
)


class Devices:
    """The choice, and what became of it.

    Attributes:
        has_card: whether there is a graphics card that answers; None while that is not known.
    """

    def __init__(self) -> None:
        self.has_card: bool | None = None
        self._chosen, self._failures = "auto", 0

    @property
    def chosen(self) -> str:
        """What the user has chosen: auto, cpu or cuda. To choose is to trust the graphics card again."""
        return self._chosen

    @chosen.setter
    def chosen(self, device: str) -> None:
        self._chosen, self._failures = device, 0

    def to_try(self) -> tuple[str, str]:
        """Where a request is tried, and where once more when that has failed."""
        if self._failures >= FAILURES:
            return CPU, CPU
        return self._chosen, CPU if self._may_be_card(self._chosen) else self._chosen

    def lost(self, device: str, error: Exception) -> Notice:
        """Take note that a try on a device has failed; what the user is told of it."""
        if isinstance(error, (ChildLostError, NoChildError)) or not self._may_be_card(device):
            return RESTARTED
        lasting = isinstance(error, DeviceFailedError) and error.lasting
        self._failures = FAILURES if lasting else self._failures + 1
        return ON_THE_CPU if self._failures >= FAILURES else CARD_FAILED

    def _may_be_card(self, device: str) -> bool:
        return device != CPU and self.has_card is not False
