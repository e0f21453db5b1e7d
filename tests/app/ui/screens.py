"""Renders the window in every state from synthetic data.

`python -m tests.app.ui.screens FOLDER [WIDTH HEIGHT [THEME [LANGUAGE]]]`
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication, QDialog

from app.domain.drift.watch import DriftQuestion
from app.domain.errors import Notice, Severity
from app.domain.exporting import ExportMemory
from app.domain.importing import ImportReport
from app.domain.jobs import JobState
from app.domain.learning import Learning
from app.domain.marks.annotations import Annotations
from app.domain.marks.tools import Tool
from app.domain.session import EntryPictures, Progress, Session
from app.domain.settings import DisplaySettings, EvidenceMap, Settings
from app.domain.study import Judgement, Study
from app.i18n.language import use_language
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.ui.dialogs.drift import DriftDialog
from app.ui.dialogs.export import ExportDialog
from app.ui.dialogs.import_report import ImportReportDialog
from app.ui.dialogs.keys import KeysDialog
from app.ui.dialogs.learning import LearningDialog
from app.ui.dialogs.lists import AboutDialog, NoticesDialog
from app.ui.dialogs.sending import SendDialog
from app.ui.dialogs.software import SoftwareDialog
from app.ui.help.guide_pages import FIRST, GuidePlace
from app.ui.help.guide_window import GuideWindow
from app.ui.keys.bindings import all_keys
from app.ui.look import theme
from app.ui.preferences.dialog import SettingsDialog
from app.ui.preferences.node_form import NodeForm
from app.ui.preferences.system_form import SystemForm
from app.ui.study.score_card import ScoreCard
from app.ui.window.main_window import MainWindow
from app.ui.wishes import Wishes
from squid_core.contracts.detection import Detection, DetectorSettings, Gate, Region, RegionShape, Shrinkage, Trial
from squid_core.contracts.preview import Preview
from tests.app.ui import drifting, explained, learned, networked, synthetic

REPORT = ImportReport(14, 11, (("This is no DICOM file.", 2), ("A DICOMDIR is a list, not an image.", 1)))


def _scored() -> dict[str, object]:
    image = synthetic.radiograph()
    found = synthetic.detection(image)
    return {
        "study": Study("1.2.3.0", (synthetic.item(0, 0.83),)),
        "image_key": "key-0",
        "radiograph": image,
        "window": image.window,
        "detection": found,
        "memory_slots": 200,
        "weights_available": ("adult", "zhanglab"),
        "weights_reason": "chosen by age 54",
        "progress": Progress(6, 11),
    }


def states() -> Iterator[tuple[str, bool, dict[str, object]]]:
    """Name, whether the worklist is filled, and what the session holds."""
    yield "empty", False, {}
    yield "importing", False, {"import_report": ImportReport(38, 0, (), running=True)}
    partial = ImportReport(212, 11, (), running=True)
    yield "importing-list", True, {"import_report": partial, "progress": Progress(3, 11)}
    scored = _scored()
    found = scored["detection"]
    reading = Study("1.2.3.5", (synthetic.item(5, state=JobState.READING),))
    yield (
        "reading",
        True,
        {"study": reading, "image_key": "key-5", "loading": "Reading the image…", "progress": Progress(6, 11)},
    )
    whole = synthetic.radiograph()
    small = replace(whole, pixels=np.ascontiguousarray(whole.pixels[::4, ::4]))
    preview = Preview(small, (whole.pixels.shape[0], whole.pixels.shape[1]), 2)
    yield "preview", True, {"study": reading, "image_key": "key-5", "loading": "Reading the image", "preview": preview}
    yield "scored", True, {**scored, "cursor": (372.0, 140.0)}
    yield "measured", True, {**scored, "annotations": Annotations(synthetic.marks()), "selected_mark": 2}
    yield "measuring", True, {**scored, "tool": Tool.CTR, "annotations": Annotations(synthetic.marks()[:1])}
    patch = 2 * synthetic.GRID + 1
    slots = tuple(match.slot for match in found.matches[patch])  # type: ignore[attr-defined]
    entries = EntryPictures(patch, slots, synthetic.pictures(found, patch), "adult")  # type: ignore[arg-type]
    yield (
        "patch",
        True,
        {**scored, "patch": patch, "entries": entries, "import_report": REPORT, "progress": Progress(11, 11)},
    )
    settings = DetectorSettings(12, Shrinkage.GUMBEL, Gate.SOFT, 0.8)
    what_if = synthetic.detection(scored["radiograph"], 0.79, 95.1, settings)  # type: ignore[arg-type]
    yield "what-if", True, {**scored, "what_if": what_if, "trial": Trial(settings), "patch": patch}
    yield "mixed", True, {**scored, "weights_in_use": (("adult", "adult-2026-11-29"), ("paediatric", "zhanglab"))}
    yield "masked", True, {**scored, "mask_names": True, "mask_key": "of these pictures", "patch": patch}
    yield "what-if-running", True, {**scored, "trial": Trial(settings), "what_if_running": True}
    seen = {**scored, "maps": explained.maps(), "card": explained.card(), "patch": patch, "entries": entries}
    tried, _ = explained.without(found, patch, 1)  # type: ignore[arg-type]
    edited = {"what_if": tried, "trial": tried.trial}
    judged = Study("1.2.3.0", (replace(synthetic.item(0, 0.83), judgement=Judgement.REJECTED),))
    yield "memory-edited", True, {**seen, **edited, "study": judged}
    shuffled = explained.shuffled(found)  # type: ignore[arg-type]
    tried_too = {"what_if": shuffled, "trial": shuffled.trial}
    yield "memory-shuffled", True, {**seen, **tried_too}
    over = DisplaySettings(pane_map=EvidenceMap.LESION, overlay_map=EvidenceMap.LESION, overlay=True)
    region = Region(RegionShape.ELLIPSE, 300.0, 80.0, 450.0, 210.0)
    replaced = replace(tried, trial=replace(tried.trial, removed=(), region=region))
    yield "region", True, {**seen, "display": over, "what_if": replaced, "trial": replaced.trial,
                           "what_if_maps": explained.maps(1, 10)}  # fmt: skip
    for kind in EvidenceMap:
        display = DisplaySettings(pane_map=kind, overlay_map=kind, overlay=True)
        yield f"map-{kind.value}", True, {**seen, "display": display}
    items = {image.key: image for image in synthetic.reading_list()}
    for name, key in (("question", "key-7"), ("refused", "key-8")):
        image = synthetic.radiograph(synthetic.chest(), identity=items[key].identity, spacing=None)
        yield name, True, {
            "study": Study(items[key].study_uid, (items[key],)), "image_key": key, "radiograph": image,
            "window": image.window, "notices": ("The file gives no true scale.",) if name == "refused" else (),
        }  # fmt: skip
    yield "network", True, {**scored, **networked.fields(networked.WAITING)}
    yield "network-fault", True, {**scored, **networked.fields(networked.FAULT)}
    error = Notice(Severity.ERROR, "The file ends before its picture does.", "Ask for it to be sent again.")
    yield "error", True, {"study": Study("1.2.3.9", (items["key-9"],)), "image_key": "key-9", "error": error}


def _score_card(window: MainWindow) -> ScoreCard:
    """Of an image with a what-if beside it."""
    scored = _scored()
    found = scored["detection"]
    assert isinstance(found, Detection)
    card = ScoreCard(window)
    card.render_session(
        Session(detection=found, maps=explained.maps(), card=explained.card(), what_if=explained.shuffled(found))
    )
    return card


def _software(window: MainWindow) -> SoftwareDialog:
    """With its list and the first text, which come from another thread."""
    dialog = SoftwareDialog(window)
    while not dialog.text.toPlainText():
        QApplication.processEvents()
    return dialog


def _guide(window: MainWindow) -> GuideWindow:
    """With its first page, which comes from another thread."""
    dialog = GuideWindow(GuidePlace(FIRST), window)
    while not dialog.contents.topLevelItemCount():
        QApplication.processEvents()
    return dialog


def _learning(window: MainWindow, learning: Learning) -> LearningDialog:
    dialog = LearningDialog(Wishes(), window)
    in_use = (("adult", learned.OURS.name if learning.learned else "adult"), ("paediatric", "zhanglab"))
    dialog.render_session(None, Session(learning=learning, weights_in_use=in_use))
    return dialog


def dialogs(window: MainWindow) -> dict[str, QDialog]:
    """The windows that open on request."""
    image, memory = synthetic.item(0, 0.83), ExportMemory(Path("/home/reader/exports"))
    study = Study(image.study_uid, (image, synthetic.item(1, 0.2)))
    notices = [
        Notice(Severity.INFO, "Import finished.", ""),
        Notice(Severity.WARNING, "The detector stopped and was started again.", "Nothing is lost.", "exit code -9"),
    ]
    drift = DriftDialog(Wishes(), DriftQuestion(), window)
    drift.render_session(Session(drift=drifting.drifted()))
    return {
        "dialog-drift": drift,
        "dialog-report": ImportReportDialog(REPORT, parent=window),
        "dialog-notices": NoticesDialog(notices, window),
        "dialog-about": AboutDialog(window),
        "dialog-software": _software(window),
        "dialog-score": _score_card(window),
        **{f"dialog-learning-{name}": _learning(window, state) for name, state in learned.STATES.items()},
        "dialog-guide": _guide(window),
        "dialog-settings": SettingsDialog(Settings(theme="light"), None, window),
        "dialog-settings-network": networked.settings_dialog(window),
        "dialog-settings-network-empty": networked.settings_dialog(window, Session()),
        "dialog-system": SystemForm(networked.NETWORK, "PACS", window),
        "dialog-system-wrong": networked.wrong_form(window),
        "dialog-node": NodeForm(networked.NETWORK.listening, window),
        **{f"dialog-query-{name}": networked.query_dialog(window, state) for name, state in networked.QUERIES.items()},
        "dialog-outbox": networked.outbox_dialog(window, networked.WAITING),
        "dialog-outbox-masked": networked.outbox_dialog(
            window, replace(networked.WAITING, mask_names=True, mask_key="k")
        ),
        "dialog-outbox-empty": networked.outbox_dialog(window, Session()),
        "dialog-send": SendDialog((study,), networked.WAITING, Wishes(), window),
        "dialog-send-nowhere": SendDialog((study, study), Session(), Wishes(), window),
        "dialog-keys": KeysDialog({}, Wishes(), window),
        "dialog-export": ExportDialog(study, image, window),
        "dialog-export-masked": ExportDialog(study, image, window, burned_in=True, names_masked=True, memory=memory),
    }


def main(folder: Path, width: int = 1280, height: int = 800, look: str = "dark", language: str = "en") -> None:
    """Write one picture a state."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    use_language(language)
    theme.apply(app, theme.resolve(look))
    folder.mkdir(parents=True, exist_ok=True)
    for name, filled, session in states():
        holder, store, notifier = SessionHolder(Session(keys=all_keys({}))), WorklistStore(), Notifier()
        window = MainWindow(holder, store, notifier, Wishes())
        window.resize(width, height)
        window.show()
        if filled:
            store.upsert(*synthetic.reading_list())
            store.changed.emit(store.worklist, store.worklist)
        holder.update(**session)
        if name == "what-if":
            notifier.post(Notice(Severity.WARNING, "The detector stopped and was started again.", "Nothing is lost."))
        for _ in range(5):
            app.processEvents()
        window.grab().save(str(folder / f"{name}-{width}.png"))
        if name == "scored" and width <= 1280:
            for title, dialog in dialogs(window).items():
                dialog.show()
                app.processEvents()
                dialog.grab().save(str(folder / f"{title}.png"))
                dialog.close()
        window.close()
        window.deleteLater()
        app.processEvents()


if __name__ == "__main__":
    size = [int(number) for number in sys.argv[2:4]] or [1280, 800]
    main(Path(sys.argv[1]), size[0], size[1], *sys.argv[4:6])
