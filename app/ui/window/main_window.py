"""The window: puts the widgets and their actions together, and has the widgets follow session and worklist."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QWidget

from app.domain.errors import Notice, Severity
from app.domain.session import Session
from app.domain.worklist import Worklist
from app.i18n.language import tr
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.ui.actions.copying import CopyActions
from app.ui.actions.display import DisplayActions
from app.ui.actions.exporting import ExportActions
from app.ui.actions.file_windows import FileWindows
from app.ui.actions.image_menu import ImageMenu
from app.ui.actions.judging import JudgingActions
from app.ui.actions.measuring import MeasureActions, tool_groups
from app.ui.actions.opening import OpenActions
from app.ui.actions.own_windows import OwnWindowActions
from app.ui.actions.sending import SendActions
from app.ui.actions.study import StudyActions
from app.ui.actions.view import ViewActions
from app.ui.actions.worklist import WorklistActions
from app.ui.help.tour_steps import tour_steps
from app.ui.keys.bindings import apply_keys
from app.ui.keys.focus_rules import claimed
from app.ui.keys.specs import build_actions, on_triggered
from app.ui.look.widgets import NO_MARGINS, in_column, in_row
from app.ui.measure.measure_tools import MeasureTools
from app.ui.measure.tool_bar import ToolBar
from app.ui.panes.memory_pane import NO_PATCH
from app.ui.panes.pane_grid import PaneGrid
from app.ui.side_panel.panel import SettingsPanel
from app.ui.study.state_chooser import StateChooser
from app.ui.study.study_header import StudyHeader
from app.ui.window.banner import BannerStack
from app.ui.window.empty_view import EmptyView
from app.ui.window.footer import Footer
from app.ui.window.menus import fill_menus, open_context_menu, open_menu_bar
from app.ui.window.pulled_out import Part, PulledOut
from app.ui.window.reading_mode import ReadingMode
from app.ui.window.reading_splitter import ReadingSplitter
from app.ui.window.window_dialogs import WindowDialogs
from app.ui.wishes import Wishes
from app.ui.worklist.view import WorklistView

TITLE = "SQUID Viewer"
SIZE = (1280, 800)
WORKLIST = "worklist"  # what it is called among what can have a window of its own
# Fields of the session that decide what the actions of the window itself can do.
READS = ("mask_names", "watch", "import_report", "progress", "exporting", "locating")
NOTICE_SECONDS = 20  # until the footer lets go of one that is only information


class MainWindow(QMainWindow):
    """The reading room.

    Args:
        holder, store, notifier: what it follows.
        wishes: where its widgets and actions say what the user wants.
    """

    def __init__(
        self,
        holder: SessionHolder,
        store: WorklistStore,
        notifier: Notifier,
        wishes: Wishes,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._holder, self._notifier, self._wishes = holder, notifier, wishes
        self._notice_timer = QTimer(self, singleShot=True, interval=NOTICE_SECONDS * 1000)
        self.setWindowTitle(TITLE)
        self.resize(*SIZE)
        self.worklist = WorklistView(wishes)
        self.header = StudyHeader(wishes)
        self.banners = BannerStack(wishes)
        self.panes = PaneGrid(wishes)
        self.states = StateChooser(wishes)
        self.settings = SettingsPanel(wishes)
        self.footer = Footer(wishes)
        self.empty = EmptyView(wishes)
        actions = self.actions_by_name = build_actions(self, holder.state)
        self.file_windows = FileWindows(self)
        self.tool_bar = ToolBar(tool_groups(actions))
        self._lay_out()
        self.recent = fill_menus(self.menuBar(), actions, self.file_windows, wishes)
        steps = partial(tour_steps, self.worklist, self.panes, self.settings)
        self.dialogs = WindowDialogs(holder, store, notifier, wishes, steps, self)
        self.opening = OpenActions(actions, wishes, self)
        self.exports = ExportActions(
            actions, holder, self.header, lambda: self.banners.said, self.panes, wishes, notifier, self
        )
        self._copying = CopyActions(actions, holder, self.panes, notifier, self)
        self.sending = SendActions(actions, holder, wishes, self)
        self._study = StudyActions(actions, holder, self.worklist, wishes, self)
        self.worklist_actions = WorklistActions(
            actions, holder, self.worklist, self.exports, self.sending, wishes, self
        )
        self._judging = JudgingActions(actions, holder, self.worklist, wishes, self)
        display = DisplayActions(actions, holder, self.panes, wishes, self)
        self._own_windows = OwnWindowActions(actions, holder, display, self)
        self._view = ViewActions(actions, holder, self.panes, display, self.file_windows, self)
        self.image_menu = ImageMenu(actions, self.panes, self.file_windows, self)
        self.measure = MeasureTools(holder, self.panes, wishes, self)
        self._measuring = MeasureActions(actions, holder, self.measure, self)
        self.pulled_out = PulledOut(self._parts(), actions.values(), self)
        rest = (self.menuBar(), self.tool_bar, self.divider.list_place)
        self.reading_mode = ReadingMode(self.panes, rest, self.statusBar(), self._settle, self)
        self._connect_parts()
        self._connect_actions()
        holder.changed.connect(self._on_session)
        store.changed.connect(self._on_worklist)
        notifier.posted.connect(self._on_notice)
        self._on_session(None, holder.state)
        self._on_worklist(store.worklist, store.worklist)

    def _lay_out(self) -> None:
        self.reading = QWidget()
        tools_and_panes = in_row(self.tool_bar, (self.panes, 1), spacing=3)
        in_column(self.header, self.banners, (tools_and_panes, 1), of=self.reading, margins=NO_MARGINS, spacing=4)
        self.divider = ReadingSplitter(self.worklist, self.reading)
        bar = self.panes.original.bar
        bar.insertWidget(bar.indexOf(self.panes.original.badge), self.states)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.divider)
        self.setCentralWidget(self._stack)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().setContentsMargins(0, 0, 0, 0)
        self.statusBar().addPermanentWidget(self.footer, 1)
        self.dock = QDockWidget(tr("Settings"), self)
        self.dock.setObjectName("settingsDock")
        self.dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.dock.setTitleBarWidget(QWidget())
        self.dock.setWidget(self.settings)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)

    def _parts(self) -> dict[str, Part]:
        """What can have a window of its own, by name."""
        panes, divider = self.panes, self.divider
        parts = {
            name: Part(pane, partial(panes.let_out, pane), partial(panes.take_back, pane), pane.title.text)
            for name, pane in panes.pane_names.items()
        }
        worklist = Part(self.worklist, divider.let_list_out, divider.take_list_back, lambda: tr("Worklist"))
        return {**parts, WORKLIST: worklist}

    def _connect_parts(self) -> None:
        """What the widgets want of one another; what they want of the services they wish for themselves."""
        self.worklist.study_found.connect(lambda: self.panes.active.view.setFocus())
        self.header.score_requested.connect(self.dialogs.show_score)
        self.footer.report_requested.connect(self.dialogs.show_import_report)
        self.footer.notices_requested.connect(self.dialogs.show_notices)
        self.footer.network.outbox_requested.connect(self.dialogs.show_outbox)
        self.empty.folder_wanted.connect(self.opening.folder)
        self.banners.locate_wanted.connect(self.opening.locate)
        self.opening.dropping.connect(self.empty.set_dropping)
        self.header.judgement.judged.connect(lambda judgement, stay: self._judging.judge(judgement, stay=stay))
        self.header.image_stepped.connect(self._study.step_image)
        for pane in self.panes.panes:
            pane.image_stepped.connect(self._study.step_image)
        self._notice_timer.timeout.connect(self.footer.clear_notice)
        self.footer.speaking.connect(self.reading_mode.say)

    def _connect_actions(self) -> None:
        """The actions that open a dialog, and those on the window itself."""
        dialogs, wishes = self.dialogs, self._wishes
        does = {
            "import_report": dialogs.show_import_report,
            "header": dialogs.show_header,
            "drift": dialogs.show_drift,
            "query": dialogs.show_query,
            "outbox": dialogs.show_outbox,
            "cancel": wishes.cancel_requested.emit,
            "escape": self.let_go,
            "menu_bar": lambda: open_menu_bar(self.menuBar()),
            "context_menu": open_context_menu,
            "resume": wishes.resume_requested.emit,
            "pull_out": lambda: self.pulled_out.toggle(self.panes.own_name(self.panes.active)),
            "pull_out_list": lambda: self.pulled_out.toggle(WORKLIST),
            "settings": wishes.settings_requested.emit,
            "forget": dialogs.show_forgetting,
            "quit": self.close,
            "score": dialogs.show_score,
            "learn": dialogs.show_learning,
            "guide": dialogs.show_guide,
            "tour": lambda: dialogs.show_tour(take_focus=True),
            "how_it_works": dialogs.show_how,
            "shortcuts": dialogs.show_shortcuts,
            "notices": dialogs.show_notices,
            "about": dialogs.show_about,
        }
        actions = self.actions_by_name
        on_triggered(actions, does)
        actions["settings_panel"].setChecked(True)
        actions["settings_panel"].toggled.connect(self._show_dock)
        actions["reading_mode"].toggled.connect(self.reading_mode.switch)
        self.dock.visibilityChanged.connect(lambda _: self._follow_dock())
        actions["full_screen"].triggered.connect(lambda _=False: self._show_full_screen(not self.isFullScreen()))
        actions["mask_names"].toggled.connect(self._change_masking)

    def _show_full_screen(self, on: bool) -> None:
        """On and off; a window that was maximised is so again."""
        state, full = self.windowState(), Qt.WindowState.WindowFullScreen
        self.setWindowState(state | full if on else state & ~full)
        self._mark_full_screen()

    def _mark_full_screen(self) -> None:
        """The check mark says how the window is, not what was asked for."""
        self.actions_by_name["full_screen"].setChecked(self.isFullScreen())

    def changeEvent(self, event: QEvent) -> None:
        """The desktop may leave full screen too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and hasattr(self, "actions_by_name"):
            self._mark_full_screen()

    def event(self, event: QEvent) -> bool:
        """What is typed into the control that has the focus is no command."""
        return claimed(event) or bool(super().event(event))

    def _follow_dock(self) -> None:
        """The check mark in the menu says whether the panel is wanted, not whether the window is minimised."""
        if self.isVisible() and not self.isMinimized() and self._has_studies and not self.reading_mode.on:
            self.actions_by_name["settings_panel"].setChecked(not self.dock.isHidden())

    # -- following the session, the worklist and the notifier

    def _on_session(self, old: Session | None, new: Session) -> None:
        for part in (
            self.panes, self.worklist, self.settings, self.banners, self.footer, self.empty, self.recent,
            self.header, self.file_windows, self.states,
        ):  # fmt: skip
            part.render_session(old, new)
        if new.differs(old, "keys"):
            apply_keys(self.actions_by_name, new.keys)
        if not new.differs(old, *READS):
            return
        self.actions_by_name["mask_names"].setChecked(new.mask_names)
        self.actions_by_name["stop_watching"].setEnabled(new.watch is not None and not new.is_fixed("watched"))
        self.actions_by_name["import_report"].setEnabled(new.import_report is not None)
        self.actions_by_name["cancel"].setEnabled(new.busy)

    def _on_worklist(self, _: Worklist, new: Worklist) -> None:
        self.worklist.set_worklist(new)
        self.footer.show_stopped(new.stopped)
        self.actions_by_name["resume"].setEnabled(new.stopped)
        self.actions_by_name["export_worklist"].setEnabled(bool(len(new)))
        first = bool(len(new)) and self._stack.currentIndex() == 0
        self._stack.setCurrentIndex(1 if len(new) else 0)
        if first:  # the keys are for the picture until the reader goes elsewhere
            self.panes.original.view.setFocus()
        if not len(new):
            self.actions_by_name["reading_mode"].setChecked(False)
        self.actions_by_name["reading_mode"].setEnabled(bool(len(new)))
        self._show_dock()

    @property
    def _has_studies(self) -> bool:
        return self._stack.currentIndex() == 1

    def _settle(self) -> None:
        """Panel and list are shown or not as they are without reading mode, or with it."""
        self._show_dock()
        if not self.reading_mode.on:
            self.divider.list_place.setVisible(not self.pulled_out.is_outside(WORKLIST))

    def _show_dock(self) -> None:
        """The panel is there while it is wanted and there are studies, but not in reading mode."""
        panel = self.actions_by_name["settings_panel"]
        panel.setEnabled(not self.reading_mode.on)
        self.dock.setVisible(self._has_studies and panel.isChecked() and not self.reading_mode.on)

    def _on_notice(self, notice: Notice) -> None:
        self.footer.show_notice(notice)
        self._notice_timer.stop()
        if notice.severity is Severity.INFO:
            self._notice_timer.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The windows of its parts go with it."""
        super().closeEvent(event)
        self.pulled_out.end()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what the notifier kept until there was a window."""
        super().showEvent(event)
        self._mark_full_screen()
        self._show_dock()  # a state that was restored knows nothing of the worklist
        self._notifier.flush()

    # -- wishes

    def let_go(self) -> None:
        """Esc: let go of one thing at a time, the nearest first; scoring is stopped last."""
        state = self._holder.state
        if self.dialogs.tour is not None:
            self.dialogs.tour.end()
        elif self.measure.in_hand:
            self.measure.escape()
        elif state.patch is not None:
            self._wishes.patch_selected.emit(NO_PATCH)
        elif self._view.let_go():
            pass
        elif self.reading_mode.on:
            self.actions_by_name["reading_mode"].setChecked(False)
        elif state.beside is not None:
            self._wishes.beside_wanted.emit("")
        elif self.isFullScreen():
            self._show_full_screen(False)
        elif state.busy:
            self._wishes.cancel_requested.emit()

    def _change_masking(self, on: bool) -> None:
        if on != self._holder.state.mask_names:
            self._wishes.masking_changed.emit(on)
