"""Presentation states of an image: which there are, and the one that it is shown by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.study import image_key
from squid_core.contracts.presentation import Presentation, StateHead
from squid_core.contracts.radiograph import Identity
from squid_core.dicom.source import Source


@dataclass(frozen=True, slots=True)
class FoundState:
    """A presentation state where an import has found it."""

    source: Source
    head: StateHead

    @property
    def key(self) -> str:
        """What it is called inside the program: a name of its place, as `image_key` gives them."""
        return image_key(self.source.path, self.source.member)


@dataclass(frozen=True, slots=True, eq=False)
class Presented:
    """What an image is shown by; `key` is the state's."""

    key: str
    presentation: Presentation


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered at an image.

    Attributes:
        states: those about it, the oldest first, each once however often it was found.
        strangers: how many name it and give another study or patient; they are not offered.
    """

    states: tuple[FoundState, ...] = ()
    strangers: int = 0

    @classmethod
    def to(cls, image: Identity, found: Iterable[FoundState]) -> Offer:
        """Of the states that name an image, those that are about it; of one found twice the first."""
        own: dict[str, FoundState] = {}
        strangers = set()
        for state in found:
            uid = state.head.identity.sop_instance_uid or state.key
            if state.head.is_of(image):
                own.setdefault(uid, state)
            else:
                strangers.add(uid)
        ordered = sorted(own.values(), key=lambda state: (str(state.head.created or ""), state.head.label))
        return cls(tuple(ordered), len(strangers))

    def state(self, key: str) -> FoundState | None:
        """The state of this key."""
        return next((state for state in self.states if state.key == key), None)
