"""The one family of errors."""

from __future__ import annotations


class SquidError(Exception):
    """A failure said in plain words.

    Attributes:
        title: what went wrong, in a few words.
        advice: what the user can do about it.
        detail: what an engineer needs; never a patient identifier.
    """

    def __init__(self, title: str, advice: str = "", detail: str = "") -> None:
        super().__init__(title, advice, detail)
        self.title, self.advice, self.detail = title, advice, detail

    def __str__(self) -> str:
        return f"{self.title} {self.advice}".strip()


class DeviceFailedError(SquidError):
    """The device that computes failed, not what was asked of it: on another one it may succeed.

    Attributes:
        lasting: whether this device answers no more; False where it was short of memory.
    """

    lasting = False

    @classmethod
    def of(cls, error: Exception, *, lasting: bool) -> DeviceFailedError:
        """What to say of an error of the device's."""
        title = "The graphics card does not answer." if lasting else "The graphics card has too little memory."
        failed = cls(title, "Choose the CPU.", type(error).__name__)
        failed.lasting = lasting
        return failed
