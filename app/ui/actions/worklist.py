"""Actions on the worklist: its filter and rows, and what can be done with the studies that are chosen there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.session import Session
from app.domain.study import Reading, Study
from app.i18n.language import tr
from app.services.state.session_holder import SessionHolder
from app.ui.actions.exporting import ExportActions
from app.ui.actions.sending import SendActions
from app.ui.keys.specs import on_triggered
from app.ui.wishes import Wishes
from app.ui.worklist.view import WorklistView

OF_ONE = ("export", "send_results", "analyse_anyway", "mark_read", "mark_unread", "remove")


class WorklistActions(QObject):
    """Opens the context menu; with several studies every line names their number and does it for all of them.

    Args:
        actions: of the menu bar, in the context menu of a single study too.
        holder: its session says how the worklist is shown.
        worklist: asks for the menu, and knows which studies are chosen.
        exports: opens the export dialog. sending: opens the one that sends results.
        wishes: told the rest.
        window: parent of the menu.

    Attributes:
        menu: the one that was opened last.
    """

    def __init__(
        self,
        actions: dict[str, QAction],
        holder: SessionHolder,
        worklist: WorklistView,
        exports: ExportActions,
        sending: SendActions,
        wishes: Wishes,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._actions, self._holder, self._worklist, self._exports = actions, holder, worklist, exports
        self._sending, self._wishes, self._window = sending, wishes, window
        self.menu: QMenu | None = None
        on_triggered(actions, {"filter_worklist": worklist.begin_filter, "compact_rows": self._turn_rows})
        worklist.menu_wanted.connect(self.show)
        holder.changed.connect(self._on_session)  # a method of ours: Qt lets go of it with us
        self._on_session(None, holder.state)

    def show(self, where: QPoint) -> None:
        """Open it at a place of the screen."""
        self.menu = menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.destroyed.connect(self._forget)
        studies = self._worklist.list.chosen
        if len(studies) > 1:
            self._fill(menu, studies)
        else:
            menu.addActions([self._actions[name] for name in OF_ONE])
        menu.popup(where)

    def _turn_rows(self) -> None:
        """One line a study, or two again."""
        listing = self._holder.state.listing
        self._wishes.listing_changed.emit(listing.model_copy(update={"compact": not listing.compact}))
        self._on_session(None, self._holder.state)

    def _on_session(self, old: Session | None, session: Session) -> None:
        self._actions["compact_rows"].setChecked(session.listing.compact)

    def _forget(self) -> None:
        self.menu = None

    def _fill(self, menu: QMenu, studies: Sequence[Study]) -> None:
        uids, wishes = tuple(study.uid for study in studies), self._wishes
        asked = [image.key for study in studies for image in study.images if image.asks]
        lines: tuple[tuple[str, int, Callable[[], object]], ...] = (
            (tr("Export {count} studies…"), len(uids), lambda: self._exports.show_several(studies)),
            (tr("Send results of {count} studies…"), len(uids), lambda: self._sending.show_several(studies)),
            (tr("Analyse {count} images anyway"), len(asked), lambda: self._analyse(asked)),
            (tr("Mark {count} studies read"), len(uids), lambda: wishes.marked.emit(uids, Reading.READ)),
            (tr("Mark {count} studies unread"), len(uids), lambda: wishes.marked.emit(uids, Reading.UNREAD)),
            (
                tr("Remove {count} studies from the worklist"),
                len(uids),
                lambda: self._worklist.take_off(uids),
            ),
        )
        for words, count, does in lines:
            action = menu.addAction(words.format(count=count))
            action.setEnabled(bool(count))
            action.triggered.connect(lambda _=False, does=does: does())

    def _analyse(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._wishes.analyse_anyway.emit(key)
