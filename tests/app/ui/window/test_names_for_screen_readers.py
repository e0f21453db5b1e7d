"""Whatever takes the focus says what it is: the window with everything in it, and every dialog, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QMenu, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from app.domain.session import Session
from app.i18n.language import use_language
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.ui.keys.bindings import all_keys
from app.ui.window.main_window import MainWindow
from app.ui.wishes import Wishes
from tests.app.ui import screens, synthetic


@pytest.fixture(params=["en", "zh_TW"])
def window(request: pytest.FixtureRequest, qtbot: QtBot, styled: QApplication) -> Iterator[MainWindow]:
    """Shown, with a worklist, the tour and the help page."""
    use_language(request.param)
    store = WorklistStore()
    made = MainWindow(SessionHolder(Session(keys=all_keys({}))), store, Notifier(), Wishes())
    qtbot.addWidget(made)
    made.show()
    store.upsert(*synthetic.reading_list())
    made.dialogs.show_tour(take_focus=False)
    made.dialogs.show_how()
    made.dialogs.show_learning()
    made.dialogs.show_drift()
    made.dialogs.show_guide()
    yield made
    use_language("en")


def nameless(root: QWidget) -> list[str]:
    """What takes the focus, now or once it is shown, and has no words for it."""
    return [
        f"{type(part.parentWidget()).__name__}/{type(part).__name__}"
        for part in (root, *root.findChildren(QWidget))
        if part.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and part.focusProxy() is None  # it hands the focus on
        and not part.isWindow()
        and not isinstance(part, QScrollBar | QMenu)
        and not _is_list_of_choice(part)
        and not part.accessibleName()
        and not (isinstance(part, QAbstractButton) and part.text())
    ]


def _is_list_of_choice(part: QWidget) -> bool:
    """Qt speaks for the list that a choice opens."""
    frame = part.parentWidget()
    return isinstance(part, QAbstractItemView) and frame is not None and isinstance(frame.parentWidget(), QComboBox)


def test_every_control_of_the_window_has_a_name(window: MainWindow) -> None:
    assert nameless(window) == []


def test_every_control_of_a_dialog_has_a_name(window: MainWindow) -> None:
    shown = screens.dialogs(window)
    assert {name: left for name, dialog in shown.items() if (left := nameless(dialog))} == {}
