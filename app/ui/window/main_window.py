"""The window: puts the widgets and their actions together, and has the widgets follow session and worklist."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import Notice, Severity
from app.domain.exporting import ExportMemory
from app.domain.session import Session
from app.domain.worklist import Worklist
from app.i18n.language import tr
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.ui.actions.display import DisplayKeys
from app.ui.actions.exporting import ExportActions
from app.ui.actions.file_windows import FileWindows
from app.ui.actions.measuring import MeasureKeys, tool_groups
from app.ui.actions.opening import OpenActions
from app.ui.actions.study import StudyKeys
from app.ui.actions.view import ViewKeys
from app.ui.keys.bindings import Keys, all_keys, apply_keys
from app.ui.keys.focus_rules import belongs_to_control
from app.ui.keys.specs import build_actions, on_triggered
from app.ui.measure.measure_tools import MeasureTools
from app.ui.measure.tool_bar import ToolBar
from app.ui.panes.memory_pane import NO_PATCH
from app.ui.panes.pane_grid import PaneGrid
from app.ui.side_panel.panel import SettingsPanel
from app.ui.study.study_header import StudyHeader
from app.ui.window.banner import BannerStack
from app.ui.window.empty_view import EmptyView
from app.ui.window.footer import Footer
from app.ui.window.menus import fill_menus
from app.ui.window.reading_splitter import ReadingSplitter
from app.ui.window.window_dialogs import WindowDialogs
from app.ui.worklist.view import WorklistView

TITLE = "SQUID Viewer"
SIZE = (1280, 800)
# Fields of the session that decide what the actions of the window itself can do.
READS = ("mask_names", "watch", "import_report", "progress", "exporting")
NOTICE_SECONDS = 20  # until the footer lets go of one that is only information


class MainWindow(QMainWindow):
    """The reading room.

    Signals:
        study_selected: UID. image_selected: key. patch_selected, patch_peeked: row-major
            index of the patch to keep, or that is pointed at; -1 for none.
        what_if_changed: DetectorSettings. what_if_reset: back to the locked ones, memory as trained, image as it is.
        entry_toggled: slot of an entry of the selected patch. shuffle_toggled: whether memory shall be shuffled.
        region_drawn: Region to replace by normal. judged: Judgement of the shown study; the same again takes it back.
        open_requested: list of Path. demo_requested: the demonstration folder.
        cancel_requested, resume_requested: of import and queue.
        export_ordered: ExportOrder. picture_ordered: Path and QImage. worklist_ordered: Path.
        masking_changed: whether names are masked everywhere.
        display_changed: DisplaySettings. device_changed, weights_changed: the choice.
        keys_changed: the user's own keys by action.
        analyse_anyway: key of the image whose question was answered.
        remove_requested: UID of the study to take off the worklist; its files stay.
        marks_changed: image key and what is drawn on it now.
        settings_requested: open the settings dialog.
        recent_requested: Path that was opened before. recent_forgotten: forget all of them.
        watch_requested: folder to watch, None for none.
        beside_wanted: UID of a study to show beside the current one, '' for none. beside_stepped: the next (1) or
            previous (-1) of the patient's studies. beside_image_stepped: the next or previous image of that study.
    """

    study_selected = Signal(str)
    image_selected = Signal(str)
    patch_selected = Signal(int)
    patch_peeked = Signal(int)
    what_if_changed = Signal(object)
    what_if_reset = Signal()
    entry_toggled = Signal(int)
    shuffle_toggled = Signal(bool)
    region_drawn = Signal(object)
    judged = Signal(object)
    open_requested = Signal(object)
    demo_requested = Signal()
    cancel_requested = Signal()
    resume_requested = Signal()
    export_ordered = Signal(object)
    picture_ordered = Signal(object, object)
    worklist_ordered = Signal(object)
    masking_changed = Signal(bool)
    display_changed = Signal(object)
    keys_changed = Signal(object)
    device_changed = Signal(str)
    weights_changed = Signal(str)
    analyse_anyway = Signal(str)
    remove_requested = Signal(str)
    marks_changed = Signal(str, object)
    settings_requested = Signal()
    recent_requested = Signal(object)
    recent_forgotten = Signal()
    watch_requested = Signal(object)
    beside_wanted = Signal(str)
    beside_stepped = Signal(int)
    beside_image_stepped = Signal(int)

    def __init__(
        self, holder: SessionHolder, store: WorklistStore, notifier: Notifier, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._holder, self._store, self._notifier = holder, store, notifier
        self.export_memory = ExportMemory()
        self._notice_timer = QTimer(self)
        self._notice_timer.setSingleShot(True)
        self._notice_timer.setInterval(NOTICE_SECONDS * 1000)
        self.setWindowTitle(TITLE)
        self.resize(*SIZE)
        self.worklist = WorklistView()
        self.header = StudyHeader()
        self.banners = BannerStack()
        self.panes = PaneGrid()
        self.settings = SettingsPanel()
        self.footer = Footer()
        self.empty = EmptyView()
        self.actions_by_name = build_actions(self)
        self.file_windows = FileWindows(self)
        self.tool_bar = ToolBar(tool_groups(self.actions_by_name))
        self._lay_out()
        self.recent = fill_menus(self.menuBar(), self.actions_by_name, self.file_windows)
        self.dialogs = WindowDialogs(self, holder, notifier)
        self.opening = OpenActions(self)
        self.exports = ExportActions(self, holder, store)
        self._study_keys = StudyKeys(self, holder)
        self._display_keys = DisplayKeys(self.actions_by_name, holder, self.panes, self)
        self._view_keys = ViewKeys(
            self.actions_by_name, holder, self.panes, self._display_keys, self.file_windows, self
        )
        self.measure = MeasureTools(holder, self.panes, self)
        self._measure_keys = MeasureKeys(self.actions_by_name, holder, self.measure, self)
        self._connect_wishes()
        self._connect_actions()
        holder.changed.connect(self._on_session)
        store.changed.connect(self._on_worklist)
        notifier.posted.connect(self._on_notice)
        self._on_session(None, holder.state)
        self._on_worklist(store.worklist, store.worklist)

    def _lay_out(self) -> None:
        reading = QWidget()
        column = QVBoxLayout(reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.reading = reading
        column.addWidget(self.header)
        column.addWidget(self.banners)
        tools_and_panes = QHBoxLayout()
        tools_and_panes.setSpacing(3)
        tools_and_panes.addWidget(self.tool_bar)
        tools_and_panes.addWidget(self.panes, 1)
        column.addLayout(tools_and_panes, 1)
        self.divider = ReadingSplitter(self.worklist, reading)
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

    def _connect_wishes(self) -> None:
        """Every wish of a widget becomes a signal of the window."""
        panes, header, footer, settings, dialogs = self.panes, self.header, self.footer, self.settings, self.dialogs
        for wish, signal in (
            (self.worklist.study_selected, self.study_selected),
            (self.banners.analyse_anyway, self.analyse_anyway),
            (panes.memory.patch_selected, self.patch_selected),
            (panes.memory.patch_peeked, self.patch_peeked),
            (panes.memory.entry_toggled, self.entry_toggled),
            (panes.memory.shuffle_toggled, self.shuffle_toggled),
            (panes.prior.image_stepped, self.beside_image_stepped),
            (header.judged, self.judged),
            (header.priors.beside_wanted, self.beside_wanted),
            (settings.what_if_changed, self.what_if_changed),
            (settings.what_if_reset, self.what_if_reset),
            (settings.device_changed, self.device_changed),
            (settings.weights_changed, self.weights_changed),
            (footer.cancel_requested, self.cancel_requested),
            (footer.resume_requested, self.resume_requested),
            (self.empty.demo_requested, self.demo_requested),
            (self.measure.marks_changed, self.marks_changed),
            (self.measure.region_drawn, self.region_drawn),
            (self.recent.chosen, self.recent_requested),
        ):
            wish.connect(signal)
        panes.alone_wanted.connect(lambda: self.beside_wanted.emit(""))
        footer.watch.stop_requested.connect(lambda: self.watch_requested.emit(None))
        header.score_requested.connect(dialogs.show_score)
        footer.report_requested.connect(dialogs.show_import_report)
        footer.notices_requested.connect(dialogs.show_notices)
        dialogs.keys_changed.connect(self._change_keys)
        self.empty.open_requested.connect(self.opening.folder)
        self.worklist.menu_wanted.connect(self._study_keys.show_menu)
        header.image_stepped.connect(self._study_keys.step_image)
        for pane in panes.panes:
            pane.image_stepped.connect(self._study_keys.step_image)
        for changes in (settings, self._display_keys):
            changes.display_changed.connect(self._change_display)
        self._notice_timer.timeout.connect(footer.clear_notice)

    def _connect_actions(self) -> None:
        """The actions of the menus File and Help, and those on the window itself."""
        dialogs = self.dialogs
        does = {
            "open_folder": self.opening.folder,
            "open_files": self.opening.files,
            "open_demo": self.demo_requested.emit,
            "export": self.exports.show,
            "export_panes": self.exports.picture,
            "export_worklist": self.exports.worklist,
            "forget_recent": self.recent_forgotten.emit,
            "watch_folder": self.opening.watched,
            "stop_watching": lambda: self.watch_requested.emit(None),
            "import_report": dialogs.show_import_report,
            "cancel": self.cancel_requested.emit,
            "escape": self.let_go,
            "resume": self.resume_requested.emit,
            "settings": self.settings_requested.emit,
            "quit": self.close,
            "score": dialogs.show_score,
            "tour": lambda: dialogs.show_tour(take_focus=True),
            "how_it_works": dialogs.show_how,
            "shortcuts": dialogs.show_shortcuts,
            "notices": dialogs.show_notices,
            "about": dialogs.show_about,
        }
        actions = self.actions_by_name
        on_triggered(actions, does)
        actions["settings_panel"].setChecked(True)
        actions["settings_panel"].toggled.connect(self.dock.setVisible)
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
        """Keys that the focused control moves with are no shortcuts while it has the focus."""
        key = event if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) else None
        if key is not None and belongs_to_control(QApplication.focusWidget(), key):
            event.accept()
            return True
        return bool(super().event(event))

    def _follow_dock(self) -> None:
        """The check mark in the menu says whether the panel is wanted, not whether the window is minimised."""
        if self.isVisible() and not self.isMinimized():
            self.actions_by_name["settings_panel"].setChecked(not self.dock.isHidden())

    # -- following the session, the worklist and the notifier

    def _on_session(self, old: Session | None, new: Session) -> None:
        for part in (
            self.panes, self.worklist, self.settings, self.banners, self.footer, self.empty, self.recent,
            self.header, self.file_windows,
        ):  # fmt: skip
            part.render_session(old, new)
        if new.differs(old, "keys"):
            apply_keys(self.actions_by_name, new.keys)
        if not new.differs(old, *READS):
            return
        self.actions_by_name["mask_names"].setChecked(new.mask_names)
        self.actions_by_name["stop_watching"].setEnabled(new.watch is not None)
        self.actions_by_name["import_report"].setEnabled(new.import_report is not None)
        self.actions_by_name["cancel"].setEnabled(new.busy)

    def _on_worklist(self, _: Worklist, new: Worklist) -> None:
        self.worklist.set_worklist(new)
        self.worklist.render_session(None, self._holder.state)
        self.footer.show_stopped(new.stopped)
        self.actions_by_name["resume"].setEnabled(new.stopped)
        self.actions_by_name["export_worklist"].setEnabled(bool(len(new)))
        self._stack.setCurrentIndex(1 if len(new) else 0)
        self.dock.setVisible(bool(len(new)) and self.actions_by_name["settings_panel"].isChecked())

    def _on_notice(self, notice: Notice) -> None:
        self.footer.show_notice(notice)
        self._notice_timer.stop()
        if notice.severity is Severity.INFO:
            self._notice_timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what the notifier kept until there was a window."""
        super().showEvent(event)
        self._mark_full_screen()
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
            self.patch_selected.emit(NO_PATCH)
        elif self._view_keys.let_go():
            pass
        elif state.beside is not None:
            self.beside_wanted.emit("")
        elif self.isFullScreen():
            self._show_full_screen(False)
        elif state.busy:
            self.cancel_requested.emit()

    def _change_keys(self, own: Keys) -> None:
        self._holder.update(keys=all_keys(own))
        self.keys_changed.emit(own)

    def _change_display(self, display: object) -> None:
        self._holder.update(display=display)
        self.display_changed.emit(display)

    def _change_masking(self, on: bool) -> None:
        if on != self._holder.state.mask_names:
            self._holder.update(mask_names=on)
            self.masking_changed.emit(on)
