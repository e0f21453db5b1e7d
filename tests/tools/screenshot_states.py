"""The states that are pictured: each a line in `STATES` and a few steps in a function."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.domain.marks.annotations import Annotations
from app.domain.marks.measurements import CardiothoracicRatio, Length, Note, Roi
from app.domain.settings import DisplaySettings, EvidenceMap, Layout
from app.domain.study import Study
from app.headless import phantom
from app.headless.checks import Condition
from app.headless.headless import seconds
from app.main import Program
from squid_core.contracts.detection import DetectorSettings, Region, RegionShape

SETTLE_SECONDS = 0.25  # for the panes to have painted what came last
# What is drawn on the first PA of the folder (1955 rows, 1841 columns): (row, column) of its heart, thorax, nodules.
MARKS = (
    CardiothoracicRatio(((1560.0, 812.0), (1560.0, 1440.0), (1660.0, 135.0), (1660.0, 1700.0))),
    Length(((1166.0, 1357.0), (1166.0, 1547.0))),
    Roi(((1000.0, 390.0), (1250.0, 630.0))),
    Note(((760.0, 1180.0),), "compare with priors"),
)
REPLACED = Region(RegionShape.ELLIPSE, top=960.0, left=340.0, bottom=1290.0, right=680.0)  # round one of the nodules
TRIED_TOP_K = 60
PHANTOM_ID = "PHANTOM"
PHANTOM_STUDIES = (("20221114", 0.11), ("20230601", 0.15))  # date, and half the width of the heart
UNSOUND = "Modality"  # begins the name of a phantom that is scored although it is no chest
Steps = Generator[Condition, None, QWidget | None]


class Stage:
    """The program, and what states need of it."""

    def __init__(self, program: Program, scratch: Path) -> None:
        self.program, self.scratch = program, scratch
        self.subject = ""

    @property
    def window(self) -> QWidget:
        """The window as it is now."""
        return self.program.window

    def select(self, uid: str) -> Generator[Condition, None, None]:
        """Open a study and wait for its image, and for its result where it has one."""
        holder = self.program.holder
        self.program.wishes.study_selected.emit(uid)
        yield lambda: holder.state.study_uid == uid and not holder.state.loading
        study = self.program.store.worklist.study(uid)
        if study is not None and study.score is not None:
            yield lambda: holder.state.detection is not None

    def act(self, name: str) -> None:
        """Do what the menu does."""
        self.program.window.actions_by_name[name].trigger()

    def show(self, **display: object) -> None:
        """Change how results are drawn."""
        self.program.preferences.use("display", DisplaySettings().model_copy(update=display))

    def has_its_maps(self) -> bool:
        """Whether what is said of the maps can be said."""
        session = self.program.holder.state
        return session.shown_detection is None or session.shown_maps is not None

    def study_that(self, wanted: Callable[[Study], bool]) -> Study | None:
        """The first such study of the worklist."""
        return next((study for study in self.program.store.worklist.studies if wanted(study)), None)

    def dialog(self) -> QDialog:
        """The dialog that is open."""
        return next(part for part in QApplication.topLevelWidgets() if isinstance(part, QDialog) and part.isVisible())

    def lay_aside(self) -> None:
        """Back to the plain window: no dialog, no tour, no tool, no what-if."""
        for part in QApplication.topLevelWidgets():
            if isinstance(part, QDialog) and part.isVisible():
                part.close()
        window = self.program.window
        if window.dialogs.tour is not None:
            window.dialogs.tour.end()
        wishes = self.program.wishes
        wishes.beside_wanted.emit("")
        wishes.what_if_reset.emit()
        wishes.patch_selected.emit(-1)
        self.act("upright")
        self.act("reset")
        self.program.holder.update(swipe=None, cursor=None, annotations=Annotations(), selected_mark=None)
        self.program.preferences.use("mask_names", False)
        self.show()


def _scored(stage: Stage) -> Steps:
    """Worklist, four panes, a patch of the memory."""
    yield from _choose_patch(stage)
    return None


def _choose_patch(stage: Stage) -> Generator[Condition, None, None]:
    holder = stage.program.holder
    found = holder.state.detection
    if found is not None:
        stage.program.wishes.patch_selected.emit(int(np.argmax(found.patch_percentiles)))
        yield lambda: holder.state.entries is not None


def _shown(**display: object) -> Callable[[Stage], Steps]:
    """The results drawn in another way."""

    def state(stage: Stage) -> Steps:
        stage.show(**display)
        yield seconds(SETTLE_SECONDS)
        return None

    return state


def _done(*actions: str, **display: object) -> Callable[[Stage], Steps]:
    """After actions of the menu, in this order."""

    def state(stage: Stage) -> Steps:
        stage.show(**display)
        for action in actions:
            stage.act(action)
        yield seconds(SETTLE_SECONDS)
        return None

    return state


def _measured(stage: Stage) -> Steps:
    """Marks on the original, as they are brought back with a study."""
    stage.show(layout=Layout.ONE)
    stage.program.holder.update(annotations=Annotations(MARKS))
    yield seconds(SETTLE_SECONDS)
    return None


def _magnifier(stage: Stage) -> Steps:
    stage.show(magnifier=True, layout=Layout.TWO)
    yield seconds(SETTLE_SECONDS)
    stage.program.holder.update(cursor=MARKS[1].points[0])
    return None


def _what_if(stage: Stage) -> Steps:
    stage.program.wishes.what_if_changed.emit(DetectorSettings(top_k=TRIED_TOP_K))
    yield from _what_if_answered(stage)
    return None


def _what_if_answered(stage: Stage) -> Generator[Condition, None, None]:
    holder = stage.program.holder
    yield lambda: holder.state.what_if is not None and not holder.state.what_if_running


def _removed(stage: Stage) -> Steps:
    """Without the nearest entry of the memory of a patch."""
    yield from _choose_patch(stage)
    entries = stage.program.holder.state.entries
    if entries is not None:
        stage.program.wishes.entry_toggled.emit(entries.slots[0])
        yield from _what_if_answered(stage)
        yield lambda: stage.program.holder.state.entries is not None
    return None


def _shuffled(stage: Stage) -> Steps:
    stage.act("shuffle")
    yield from _what_if_answered(stage)
    yield from _choose_patch(stage)
    return None


def _replaced(stage: Stage) -> Steps:
    stage.program.wishes.region_drawn.emit(REPLACED)
    yield from _what_if_answered(stage)
    return None


def _question(stage: Stage) -> Steps:
    """An image of which the program asks whether it is a chest radiograph."""
    study = stage.study_that(lambda study: study.asks and not study.identity.patient_name.startswith(UNSOUND))
    if study is not None:
        yield from stage.select(study.uid)
    return None


def _outside_memory(stage: Stage) -> Steps:
    """An image that is no chest radiograph, analysed all the same."""
    study = stage.study_that(lambda study: study.identity.patient_name.startswith(UNSOUND))
    if study is not None:
        if study.score is None:
            stage.program.wishes.analyse_anyway.emit(study.top_image.key)
            yield lambda: stage.program.idle
        yield from stage.select(study.uid)
    return None


def _menu_dialog(action: str) -> Callable[[Stage], Steps]:
    """A window that opens from the menu, alone."""

    def state(stage: Stage) -> Steps:
        stage.act(action)
        yield seconds(SETTLE_SECONDS)
        return stage.dialog()

    return state


def _score_card(stage: Stage) -> Steps:
    stage.act("score")
    yield lambda: stage.program.holder.state.maps is not None
    yield seconds(SETTLE_SECONDS)
    return stage.dialog()


def _notices(stage: Stage) -> Steps:
    """After something went wrong: what was opened last has gone."""
    if not stage.program.notifier.history:
        stage.program.open_recent(Path("/archive/radiographs"))
        yield lambda: bool(stage.program.notifier.history)
    return (yield from _menu_dialog("notices")(stage))


def _prior(stage: Stage) -> Steps:
    """Two studies of one patient beside each other: a drawn phantom, and called so; the folder has no such pair."""
    if stage.study_that(_is_phantom) is None:
        stage.scratch.mkdir(parents=True, exist_ok=True)
        for date, heart in PHANTOM_STUDIES:
            if not phantom.write_in_child(stage.scratch / date, date, heart):
                raise RuntimeError("the phantom could not be written")
        stage.program.open([stage.scratch])
        yield lambda: stage.program.idle and stage.study_that(_is_phantom) is not None
    later = stage.study_that(lambda study: _is_phantom(study) and f"{study.date:%Y%m%d}" == PHANTOM_STUDIES[-1][0])
    if later is None:
        raise RuntimeError("the phantom is not in the worklist")
    holder = stage.program.holder
    yield from stage.select(later.uid)
    yield lambda: bool(holder.state.others)
    stage.program.wishes.beside_wanted.emit(holder.state.others[0].uid)
    yield lambda: holder.state.beside is not None and holder.state.beside.radiograph is not None
    return None


def _is_phantom(study: Study) -> bool:
    return study.identity.patient_id == PHANTOM_ID


def _how(stage: Stage) -> Steps:
    yield from _choose_patch(stage)
    stage.act("how_it_works")
    yield seconds(SETTLE_SECONDS)
    return stage.dialog()


def _tour(number: int) -> Callable[[Stage], Steps]:
    def state(stage: Stage) -> Steps:
        stage.act("tour")
        tour = stage.program.window.dialogs.tour
        for _ in range(number - 1):
            if tour is not None:
                tour.step(1)
        yield seconds(SETTLE_SECONDS)
        return None

    return state


# Name, and the steps that lead there; what the steps return is pictured, the whole window where that is None.
STATES: dict[str, Callable[[Stage], Steps]] = {
    "scored": _scored,
    "measured": _measured,
    "overlay": _shown(overlay=True, layout=Layout.ONE),
    "overlay-lesion": _shown(overlay=True, overlay_map=EvidenceMap.LESION, pane_map=EvidenceMap.GRAD_CAM),
    "one-pane": _shown(layout=Layout.ONE),
    "two-panes": _shown(layout=Layout.TWO),
    "swipe": _done("swipe", layout=Layout.TWO),
    "turned": _done("turn_right", "flip", "invert"),
    "magnifier": _magnifier,
    "what-if": _what_if,
    "removed": _removed,
    "shuffled": _shuffled,
    "replaced": _replaced,
    "score-card": _score_card,
    "masked": _done("mask_names"),
    "question": _question,
    "outside-memory": _outside_memory,
    "prior": _prior,
    "tour-1": _tour(1),
    "tour-4": _tour(4),
    "how-it-works": _how,
    "settings": _menu_dialog("settings"),
    "keys": _menu_dialog("shortcuts"),
    "import-report": _menu_dialog("import_report"),
    "drift": _menu_dialog("drift"),
    "export": _menu_dialog("export"),
    "notices": _notices,
    "about": _menu_dialog("about"),
}


# What these leave behind, in the worklist or the footer, would be seen in the pictures of the others: they come last,
# in every look, one after the other.
LEAVE_TRACES = ("outside-memory", "prior", "notices")

# What the user guide shows of them, and under which name; in the first look.
GUIDE = {
    "scored": "window",
    "measured": "measured",
    "overlay": "overlay",
    "swipe": "swipe",
    "removed": "memory",
    "replaced": "replaced",
    "shuffled": "shuffled",
    "score-card": "score",
    "how-it-works": "how-it-works",
    "keys": "keys",
}
