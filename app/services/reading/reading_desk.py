"""What happens when the user looks at something: the image is read, its result fetched, what-ifs are asked for.

Lives on the window's thread; every answer comes later and counts only if the user is still looking at its image.
"""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.errors import Notice, Severity
from app.domain.jobs import JobState
from app.domain.marks.annotations import Annotations
from app.domain.session import PatchEntries, RemovedEntry
from app.domain.study import ImageItem
from app.domain.worklist import Worklist
from app.services.detector.client import EntriesWanted, InferenceClient, MapsWanted, WhatIf
from app.services.reading.image_source import ImageSource, Readers, file_state
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import Archive
from app.services.threads.latest import LatestWins
from app.storage.store import Action, Store
from squid_core.bundle.library import AUTO, Bundle, Bundles
from squid_core.contracts.detection import (
    AS_TRAINED,
    Detection,
    DetectorSettings,
    Maps,
    MemoryEdit,
    ModelInput,
    Region,
    Replacement,
)
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Radiograph

KEEP_MAPS = 64  # maps of images kept, 70 KB each
MAX_PICTURES = 32  # entries of a patch that are pictured; without shrinkage all 200 take part
OUTSIDE_MEMORY = "This image resembles nothing in the detector's memory: the score means little here."
NO_BUNDLE = "The weights that scored this image are not installed here, so nothing can be tried on it."


NO_WHAT_IF: dict[str, Any] = {
    "what_if": None,
    "what_if_settings": None,
    "what_if_edit": AS_TRAINED,
    "what_if_region": None,
    "removed": (),
    "what_if_running": False,
    "what_if_maps": None,
}
# What was found and drawn on the image that was shown, forgotten when another takes its place.
NOTHING_SEEN: dict[str, Any] = {
    **NO_WHAT_IF,
    "detection": None,
    "maps": None,
    "card": None,
    "patch": None,
    "peeked": None,
    "entries": None,
    "cursor": None,
    "annotations": Annotations(),
    "selected_mark": None,
}


class ReadingDesk(QObject):
    """Answers the user's selections by changing the session."""

    image_shown = Signal(object)  # ImageItem that the user has chosen; its pixels may still be on their way
    result_missing = Signal(str)  # image key: it counts as scored, but its result cannot be read back

    def __init__(
        self,
        holder: SessionHolder,
        store: WorklistStore,
        archive: Archive,
        readers: Readers,
        client: InferenceClient,
        bundles: Bundles,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._holder, self._store, self._archive = holder, store, archive
        self._client, self._bundles, self._courier, self._notifier = client, bundles, courier, notifier
        self._bundle: Bundle | None = None
        self.source = ImageSource(readers, courier)
        self._maps: OrderedDict[tuple[str, str], Maps] = OrderedDict()  # by file and weights
        self._reads: LatestWins[ImageItem, Radiograph] = LatestWins(
            courier, self.source.read, self._on_read, self._on_unreadable
        )
        store.changed.connect(self._on_worklist)
        client.what_if_ready.connect(self._on_what_if)
        client.what_if_failed.connect(self._on_what_if_failed)
        client.entries_ready.connect(self._on_entries)
        client.entries_failed.connect(self._on_failed)
        client.maps_ready.connect(self._on_maps)
        client.maps_failed.connect(self._on_failed)

    def select_study(self, uid: str) -> None:
        """Show a study, beginning with its most abnormal image."""
        study = self._store.worklist.study(uid)
        state = self._holder.state
        if study is not None and (uid != state.study_uid or state.error is not None):
            self.select_image(study.top_image.key)

    def select_image(self, key: str) -> None:
        """Show an image."""
        study = self._store.worklist.study_of(key)
        item = study.image(key) if study else None
        state = self._holder.state
        if study is None or item is None or (key == state.image_key and state.error is None):
            return
        self._forget_requests()
        self._bundle = None
        radiograph = self.source.kept(item)
        self._holder.update(
            study=study,
            image_key=key,
            radiograph=radiograph,
            **NOTHING_SEEN,
            window=radiograph.window if radiograph else None,
            invert=False,
            loading="" if radiograph else "Reading the image",
            error=None,
            notices=radiograph.notices if radiograph else (),
            weights_reason="",
        )
        self.image_shown.emit(item)
        self._archive.tell(lambda store: store.record(Action.OPEN, key))
        if radiograph is None:
            self._reads.ask(item)
        else:
            self._reads.forget()
        self._fetch_detection(item)

    def clear(self) -> None:
        """Show nothing: the selected study has left the worklist."""
        self._forget_requests()
        self._reads.forget()
        self._bundle = None
        self._holder.update(
            study=None,
            image_key="",
            radiograph=None,
            **NOTHING_SEEN,
            window=None,
            loading="",
            error=None,
            notices=(),
            weights_reason="",
        )

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
        if shown is None:
            self._client.forget_entries()
        entries = state.entries if shown == state.shown_patch else None
        self._holder.update(patch=shown if kept else None, peeked=None if kept else shown, entries=entries)
        self._ask_entries()

    def try_settings(self, settings: DetectorSettings) -> None:
        """Score the shown image at other settings, beside the locked score."""
        self._try(what_if_settings=settings)

    def toggle_entry(self, slot: int) -> None:
        """Take an entry away from the memory of the selected patch, or put it back; a what-if as well."""
        state = self._holder.state
        detection, patch = state.shown_detection, state.shown_patch
        if detection is None or patch is None:
            return
        self._show_patch(patch, kept=True)  # who tries something on it stays with it
        left = tuple(entry for entry in state.removed if (entry.patch, entry.match.slot) != (patch, slot))
        if len(left) == len(state.removed):
            match = next((match for match in detection.matches[patch] if match.slot == slot), None)
            if match is None:
                return
            left = (*state.removed, RemovedEntry(patch, match))
        self._try(removed=left)

    def shuffle_memory(self, shuffled: bool) -> None:
        """Answer every patch with another place's memory, or with its own again: a control, as a what-if."""
        self._try(what_if_edit=replace(self._holder.state.what_if_edit, shuffled=shuffled))

    def replace_region(self, region: Region | None) -> None:
        """Score the shown image as if it were normal in a region; None to leave the image as it is."""
        self._try(what_if_region=region)

    def reset_settings(self) -> None:
        """Back to the locked settings, the memory as trained and the image as it is."""
        self._client.forget_what_if()
        self._holder.update(**NO_WHAT_IF)
        self._ask_entries()
        self._ask_maps()

    def _try(self, **changes: Any) -> None:  # noqa: ANN401 - fields of the session
        """Ask for the what-if that the session describes once `changes` are made."""
        state = self._holder.state
        if state.detection is None:
            return
        if self._bundle is None:
            self._notifier.post(Notice(Severity.WARNING, NO_BUNDLE))
            return
        wanted = replace(state, **changes)
        edit = MemoryEdit(
            frozenset((entry.patch, entry.match.slot) for entry in wanted.removed), wanted.what_if_edit.shuffled
        )
        settings, region = wanted.what_if_settings or state.detection.settings, wanted.what_if_region
        if (settings, edit, region) == (state.detection.settings, AS_TRAINED, None):
            self.reset_settings()
            return
        self._holder.update(
            what_if_settings=settings,
            what_if_edit=edit,
            what_if_region=region,
            removed=wanted.removed,
            what_if_running=True,
        )
        model_input = ModelInput(state.detection.input_image, state.detection.geometry)
        replacement = None if region is None else Replacement(region, state.detection.reconstruction)
        self._client.what_if(WhatIf(state.image_key, self._bundle.folder, model_input, settings, edit, replacement))

    def show_result(self, key: str, detection: Detection) -> None:
        """The queue has scored an image; if it is the shown one, its panes fill."""
        if key == self._holder.state.image_key:
            self._set_detection(detection)

    def _fetch_detection(self, item: ImageItem) -> None:
        if item.state is not JobState.SCORED:
            return

        def work(store: Store) -> Detection | None:
            self._bundles.names()  # reads the cards here and not on the window's thread
            return store.latest_result(item)

        self._courier.when_done(self._archive.ask(work), lambda done: self._on_fetched(item.key, done))

    def _on_fetched(self, key: str, future: Future[Detection | None]) -> None:
        if key != self._holder.state.image_key or future.cancelled() or future.exception() is not None:
            return
        if (detection := future.result()) is not None:
            self._set_detection(detection)
        else:
            self.result_missing.emit(key)

    def _set_detection(self, detection: Detection) -> None:
        state = self._holder.state
        self._bundle = self._bundles.of(detection)
        notices = tuple(text for text in state.notices if text not in (OUTSIDE_MEMORY, NO_BUNDLE))
        if detection.outside_memory:
            notices += (OUTSIDE_MEMORY,)
        if self._bundle is None:
            notices += (NO_BUNDLE,)
        self._client.forget_what_if()
        self._holder.update(
            **NO_WHAT_IF,
            detection=detection,
            maps=self._maps.get(self._maps_key(detection)),
            card=self._bundle.card if self._bundle else None,
            entries=None,
            memory_slots=self._bundle.slots if self._bundle else None,
            weights_reason=self._reason(),
            notices=notices,
        )
        self._ask_entries()
        self._ask_maps()

    def _reason(self) -> str:
        image = self._holder.state.image
        if image is None or self._bundle is None:
            return ""
        weights, age = self._holder.state.weights, image.identity.patient_age
        try:
            chosen = self._bundles.choose(weights, age)
        except SquidError:
            return ""
        return chosen_because(weights, age) if chosen.folder == self._bundle.folder else "scored earlier"

    def _ask_entries(self) -> None:
        state = self._holder.state
        detection = state.shown_detection
        patch = state.shown_patch
        if patch is None or detection is None or self._bundle is None:
            return
        if patch >= len(detection.matches):
            self._holder.update(patch=None, peeked=None, entries=None)
            return
        read = [match.slot for match in detection.matches[patch][:MAX_PICTURES]]
        gone = [entry.match.slot for entry in state.removed if entry.patch == patch]
        slots = tuple(dict.fromkeys([*read, *gone]))
        shown = state.entries
        if shown is not None and (shown.patch, shown.slots, shown.model) == (patch, slots, detection.model):
            return
        self._client.entries(EntriesWanted(state.image_key, self._bundle.folder, detection.model, patch, slots))

    def _ask_maps(self) -> None:
        """Once the reader stays with an image, what else the networks see in it."""
        state = self._holder.state
        if state.shown_detection is not None and state.shown_maps is None and self._bundle is not None:
            self._client.maps(MapsWanted(state.image_key, self._bundle.folder, state.shown_detection))
        else:
            self._client.forget_maps()

    def _maps_key(self, detection: Detection) -> tuple[str, str]:
        item = self._holder.state.image
        return (file_state(item) if item else "", detection.model_hash)

    def _forget_requests(self) -> None:
        self._client.forget_what_if()
        self._client.forget_entries()
        self._client.forget_maps()

    def _on_read(self, item: ImageItem, radiograph: Radiograph) -> None:
        if item.key == self._holder.state.image_key:
            notices = (*radiograph.notices, *self._holder.state.notices)
            self._holder.update(radiograph=radiograph, window=radiograph.window, loading="", notices=notices)

    def _on_unreadable(self, item: ImageItem, error: SquidError) -> None:
        if item.key == self._holder.state.image_key:
            self._holder.update(loading="", error=Notice.from_error(error))

    def _on_what_if(self, wanted: WhatIf, detection: Detection) -> None:
        state = self._holder.state
        region = wanted.replacement.region if wanted.replacement else None
        asked = (state.image_key, state.what_if_settings, state.what_if_edit, state.what_if_region)
        if (wanted.image_key, wanted.settings, wanted.edit, region) == asked:
            self._holder.update(what_if=detection, what_if_running=False, what_if_maps=None)
            self._ask_entries()
            self._ask_maps()

    def _on_what_if_failed(self, wanted: WhatIf, error: SquidError) -> None:
        """Back to the last what-if that had an answer, else to the locked settings."""
        state = self._holder.state
        if wanted.image_key != state.image_key:
            return
        self._notifier.post(Notice.from_error(error))
        if (last := state.what_if) is None:
            self.reset_settings()
            return
        self._holder.update(
            what_if_settings=last.settings,
            what_if_edit=last.edit,
            what_if_region=last.replaced,
            removed=tuple(e for e in state.removed if (e.patch, e.match.slot) in last.edit.removed),
            what_if_running=False,
        )

    def _on_maps(self, wanted: MapsWanted, maps: Maps) -> None:
        state = self._holder.state
        if wanted.image_key != state.image_key:
            return
        if wanted.detection is state.detection:
            self._maps[self._maps_key(wanted.detection)] = maps
            while len(self._maps) > KEEP_MAPS:
                self._maps.popitem(last=False)
            self._holder.update(maps=maps)
        elif wanted.detection is state.what_if:
            self._holder.update(what_if_maps=maps)

    def _on_failed(self, wanted: EntriesWanted | MapsWanted, error: SquidError) -> None:
        if wanted.image_key == self._holder.state.image_key:
            self._notifier.post(Notice.from_error(error))

    def _on_entries(self, wanted: EntriesWanted, entries: PatchEntries) -> None:
        state = self._holder.state
        if wanted.image_key == state.image_key and wanted.patch == state.shown_patch:
            self._holder.update(entries=entries)

    def _on_worklist(self, _old: Worklist, new: Worklist) -> None:
        """The shown study may have a new state, or be gone; the selection itself never moves."""
        state = self._holder.state
        if not state.image_key:
            return
        study = new.study_of(state.image_key)
        if study is None:
            self.clear()
            return
        image = study.image(state.image_key)
        if image is not None and image.state is not JobState.SCORED and state.detection is not None:
            self._client.forget_what_if()
            self._client.forget_maps()
            self._holder.update(**NO_WHAT_IF, detection=None, maps=None, card=None)
        self._holder.update(study=study)


def chosen_because(weights: str, age: float | None) -> str:
    """Why these weights read the image of a patient of this age (years), in plain words."""
    if weights != AUTO:
        return "chosen by you"
    return "age unknown, adult assumed" if age is None else f"chosen by age {age:.0f}"
