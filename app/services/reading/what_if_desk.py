"""What the detector is asked about the shown image: what-ifs, pictures of memory entries, and maps.

Follows the session. The life of a what-if, downwards: the reader changes something, the trial that comes of it is
shown and asked for, and its answer takes its place beside the locked result; the newest request alone is answered.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.session import EntryPictures, Session
from app.domain.undoing import Deed
from app.services.detector.client import InferenceClient
from app.services.state.history import History, UndoStep
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier
from app.services.threads.latest import LatestWins
from squid_core.bundle.library import Bundles
from squid_core.contracts.detection import Detection, DetectorSettings, Maps, Region, RemovedEntry, Trial
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray

WHAT_IF_DEBOUNCE_MS = 80
MAPS_DEBOUNCE_MS = 250  # who pages through a list asks for none
KEEP_ENTRIES = 64  # patches whose entries are kept as pictures, at most 130 KB each
KEEP_MAPS = 64  # images whose maps are kept, 330 KB each
MAX_PICTURES = 32  # entries of a patch that are pictured; without shrinkage all 200 take part
NO_BUNDLE = "The weights that scored this image are not installed here, so nothing can be tried on it."

# Of the session, while nothing is tried.
NO_WHAT_IF: dict[str, Any] = {"trial": None, "what_if": None, "what_if_running": False, "what_if_maps": None}

_Entries = tuple[str, Path, int, tuple[int, ...]]  # a bundle's name and folder, a patch, and slots of its memory


class WhatIfDesk(QObject):
    """Answers what the reader tries on the shown image, beside its locked score, by changing the session."""

    def __init__(
        self,
        holder: SessionHolder,
        client: InferenceClient,
        bundles: Bundles,
        courier: Courier,
        notifier: Notifier,
        history: History,
    ) -> None:
        super().__init__()
        self._holder, self._bundles, self._notifier, self._history = holder, bundles, notifier, history
        self._what_ifs: LatestWins[tuple[Path, Detection, Trial], Detection] = LatestWins(
            courier, lambda asked: client.what_if(*asked), self._on_answer, self._on_failure, WHAT_IF_DEBOUNCE_MS
        )
        self._entries: LatestWins[_Entries, FloatArray] = LatestWins(
            courier, lambda asked: client.entries(*asked[1:]), self._on_entries, self._say
        )
        self._maps: LatestWins[tuple[Path, Detection], Maps] = LatestWins(
            courier, lambda asked: client.maps(*asked), self._on_maps, self._say, MAPS_DEBOUNCE_MS
        )
        self._kept_entries: OrderedDict[_Entries, EntryPictures] = OrderedDict()
        self._kept_maps: OrderedDict[tuple[str, str], Maps] = OrderedDict()  # by digest and weights
        holder.changed.connect(self._on_session)

    def try_settings(self, settings: DetectorSettings) -> None:
        """Score the shown image at other settings; a slider that is dragged is one step to take back."""
        self._try("settings", settings=settings)

    def toggle_entry(self, slot: int) -> None:
        """Take an entry away from the memory of the selected patch, or put it back."""
        state = self._holder.state
        detection, patch = state.shown_detection, state.shown_patch
        if detection is None or patch is None:
            return
        self.select_patch(patch)  # who tries something on it stays with it
        removed = state.trial.removed if state.trial else ()
        left = tuple(entry for entry in removed if (entry.patch, entry.match.slot) != (patch, slot))
        if left == removed:
            match = next((match for match in detection.matches[patch] if match.slot == slot), None)
            if match is None:
                return
            left = (*removed, RemovedEntry(patch, match))
        self._try(removed=left)

    def shuffle_memory(self, shuffled: bool) -> None:
        """Answer every patch with another place's memory, or with its own again: a control."""
        self._try(shuffled=shuffled)

    def replace_region(self, region: Region | None) -> None:
        """Score the shown image as if it were normal in a region; None to leave the image as it is."""
        self._try(region=region)

    def reset_settings(self) -> None:
        """Back to the locked settings, the memory as trained and the image as it is."""
        self._want(None)

    def _try(self, joins: str = "", **changes: Any) -> None:  # noqa: ANN401 - fields of Trial
        """Ask for what is tried so far with `changes` made to it."""
        state = self._holder.state
        if state.detection is not None:
            trial = replace(state.trial or state.detection.trial, **changes)
            self._want(None if trial == state.detection.trial else trial, joins)

    def _want(self, trial: Trial | None, joins: str = "") -> None:
        """Try this, None for nothing, as a step that can be taken back."""
        state = self._holder.state
        before = state.trial
        if not self._set(trial) or trial == before:
            return
        undo, redo = partial(self._set, before), partial(self._set, trial)
        self._history.did(UndoStep(Deed.WHAT_IF, state.image_key, undo, redo, joins=joins))

    def _set(self, trial: Trial | None) -> bool:
        """Show what is tried, and ask for its answer; False where nothing can be tried."""
        detection = self._holder.state.detection
        if trial is None:
            self._what_ifs.forget()
            self._holder.update(**NO_WHAT_IF)
            return True
        if detection is None:
            return False
        if (folder := self._folder(detection)) is None:
            self._notifier.post(Notice(Severity.WARNING, NO_BUNDLE))
            return False
        self._holder.update(trial=trial, what_if_running=True)
        self._what_ifs.ask((folder, detection, trial))
        return True

    def _on_answer(self, asked: tuple[Path, Detection, Trial], detection: Detection) -> None:
        if asked[1] is not self._holder.state.detection:
            return
        self._holder.update(what_if=detection, what_if_running=False, what_if_maps=None)

    def _on_failure(self, _: object, error: SquidError) -> None:
        """Back to the last what-if that had an answer, else to the locked settings."""
        self._notifier.post(Notice.from_error(error))
        self._history.withdraw(Deed.WHAT_IF)
        last = self._holder.state.what_if
        self._holder.update(trial=last.trial if last else None, what_if_running=False)

    def _on_session(self, old: Session, new: Session) -> None:
        """What is on its way belongs to what was shown; what is shown now has entries and maps of its own."""
        if new.detection is not old.detection:
            self._what_ifs.forget()
            self._history.forget(Deed.WHAT_IF)  # what is tried goes with the image it is tried on
        if new.shown_detection is not old.shown_detection:
            self._ask_entries()
            self._ask_maps()

    def select_patch(self, patch: int) -> None:
        """Keep a patch and ask for pictures of its memory entries; -1 for none."""
        self._show_patch(patch, kept=True)

    def peek_patch(self, patch: int) -> None:
        """The same for a patch that is only pointed at, while none is kept."""
        if self._holder.state.patch is None:
            self._show_patch(patch, kept=False)

    def _show_patch(self, patch: int, *, kept: bool) -> None:
        state = self._holder.state
        detection = state.shown_detection
        shown = patch if detection is not None and 0 <= patch < len(detection.matches) else None
        entries = state.entries if shown == state.shown_patch else None
        self._holder.update(patch=shown if kept else None, peeked=None if kept else shown, entries=entries)
        self._ask_entries()

    def _ask_entries(self) -> None:
        """Pictures of what memory answered the shown patch with, and of what the trial took away from it."""
        self._entries.forget()
        state = self._holder.state
        detection, patch = state.shown_detection, state.shown_patch
        if detection is None or patch is None or (folder := self._folder(detection)) is None:
            return
        if patch >= len(detection.matches):  # other weights, with fewer patches
            self._holder.update(patch=None, peeked=None, entries=None)
            return
        read = [match.slot for match in detection.matches[patch][:MAX_PICTURES]]
        gone = [entry.match.slot for entry in state.trial.removed if entry.patch == patch] if state.trial else []
        asked = (detection.model, folder, patch, tuple(dict.fromkeys([*read, *gone])))
        if (kept := self._kept_entries.get(asked)) is None:
            self._entries.ask(asked)
        else:
            self._holder.update(entries=kept)

    def _on_entries(self, asked: _Entries, pictures: FloatArray) -> None:
        model, _, patch, slots = asked
        self._kept_entries[asked] = entries = EntryPictures(patch, slots, pictures, model)  # whatever the image
        if len(self._kept_entries) > KEEP_ENTRIES:
            self._kept_entries.popitem(last=False)
        self._holder.update(entries=entries)

    def _ask_maps(self) -> None:
        """Once the reader stays with an image, what else the networks see in it."""
        self._maps.forget()
        state = self._holder.state
        detection = state.shown_detection
        if detection is None or state.shown_maps is not None or (folder := self._folder(detection)) is None:
            return
        kept = self._kept_maps.get(_maps_key(detection)) if detection is state.detection else None
        if kept is None:
            self._maps.ask((folder, detection))
        else:
            self._holder.update(maps=kept)

    def _on_maps(self, asked: tuple[Path, Detection], maps: Maps) -> None:
        _, detection = asked
        if detection is self._holder.state.what_if:
            self._holder.update(what_if_maps=maps)
            return
        if detection is not self._holder.state.detection:
            return
        self._kept_maps[_maps_key(detection)] = maps
        if len(self._kept_maps) > KEEP_MAPS:
            self._kept_maps.popitem(last=False)
        self._holder.update(maps=maps)

    def _say(self, _: object, error: SquidError) -> None:
        self._notifier.post(Notice.from_error(error))

    def _folder(self, detection: Detection) -> Path | None:
        """Where the weights behind a detection lie; None when they are not installed (any more)."""
        bundle = self._bundles.of(detection)
        return bundle.folder if bundle else None


def _maps_key(detection: Detection) -> tuple[str, str]:
    return detection.digest, detection.model_hash
