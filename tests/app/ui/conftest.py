"""A window with real holder, store and notifier, filled from synthetic data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.marks.annotations import Annotations, Marks
from app.domain.session import Session
from app.domain.settings import DisplaySettings, Layout
from app.domain.study import ImageItem, Study
from app.domain.undoing import Deed
from app.services.state.history import History, UndoStep
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.ui.keys.bindings import all_keys
from app.ui.look import theme
from app.ui.window.main_window import MainWindow
from app.ui.wishes import Wishes
from squid_core.contracts.detection import Detection
from squid_core.contracts.radiograph import Radiograph
from tests.app.ui import synthetic


@dataclass
class Room:
    """The window and what it follows."""

    window: MainWindow
    holder: SessionHolder
    store: WorklistStore
    notifier: Notifier
    wishes: Wishes

    def fill(self, *items: ImageItem) -> None:
        """Put images into the worklist, at once."""
        self.store.upsert(*items)
        self.store.changed.emit(self.store.worklist, self.store.worklist)

    def open(self, image: Radiograph, found: Detection | None = None, item: ImageItem | None = None) -> None:
        """Show an image as the program would."""
        shown = item or synthetic.item(0, None if found is None else found.score)
        self.fill(shown)
        study = Study(shown.study_uid, (shown,))
        self.holder.update(
            study=study, image_key=shown.key, radiograph=image, window=image.window, detection=found, memory_slots=200
        )
        QApplication.processEvents()


@pytest.fixture(scope="session")
def styled(qapp: QApplication) -> QApplication:
    """The application in its colours; once, for a style sheet repaints every widget there is."""
    theme.apply(qapp)
    return qapp


@pytest.fixture
def wishes() -> Wishes:
    """What the user asks for."""
    return Wishes()


@pytest.fixture
def room(qtbot: QtBot, styled: QApplication, wishes: Wishes) -> Iterator[Room]:
    """An empty reading room of 1280 x 800, whose settings the session follows as in the program.

    Its four panes are alike, so that places can be measured in any of them; `test_layouts` has the default layout.
    """
    session = Session(keys=all_keys({}), display=DisplaySettings(layout=Layout.FOUR))
    holder, store, notifier = SessionHolder(session), WorklistStore(), Notifier()
    wishes.display_changed.connect(lambda display: holder.update(display=display))
    wishes.listing_changed.connect(lambda listing: holder.update(listing=listing))
    wishes.filter_changed.connect(lambda wanted: holder.update(filter=wanted))
    wishes.masking_changed.connect(lambda on: holder.update(mask_names=on))
    wishes.keys_changed.connect(lambda keys: holder.update(keys=all_keys(keys)))
    history = History(holder)
    wishes.undo_requested.connect(history.undo)
    wishes.redo_requested.connect(history.redo)

    def put(marks: Marks) -> None:
        holder.update(annotations=Annotations(marks), selected_mark=None)

    def drawn(key: str, annotations: Annotations) -> None:
        back, again = partial(put, annotations.before), partial(put, annotations.marks)
        history.did(UndoStep(Deed.MARK, key, back, again))

    wishes.marks_changed.connect(drawn)
    window = MainWindow(holder, store, notifier, wishes)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()  # keys of the menus work in the active window only
    window.windowHandle().requestActivate()
    qtbot.waitUntil(window.isActiveWindow)
    yield Room(window, holder, store, notifier, wishes)
    window.close()


@pytest.fixture
def settle(qapp: QApplication) -> Callable[[], None]:
    """Let layouts and paints happen."""

    def run() -> None:
        for _ in range(4):
            qapp.processEvents()

    return run
