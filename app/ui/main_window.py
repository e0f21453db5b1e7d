"""The window: puts the widgets together, follows the session, and passes the reader's wishes on as signals."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDockWidget,
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import Notice
from app.domain.exporting import ExportMemory
from app.domain.session import Session
from app.domain.settings import EvidenceMap
from app.domain.study import Judgement
from app.domain.worklist import Worklist
from app.services.language import tr
from app.services.notifier import Notifier
from app.services.session_holder import SessionHolder
from app.services.worklist_store import WorklistStore
from app.ui.actions import MENUS, SPECS, build_actions
from app.ui.banner import BannerStack
from app.ui.dialogs import AboutDialog, ImportReportDialog, NoticesDialog
from app.ui.empty_view import EmptyView
from app.ui.export_actions import ExportActions
from app.ui.file_windows import FileWindows
from app.ui.footer import Footer
from app.ui.how_it_works import HowItWorks
from app.ui.key_bindings import apply_keys
from app.ui.key_rules import belongs_to_control
from app.ui.keys_dialog import KeysDialog
from app.ui.measure.measure_keys import MeasureKeys, tool_groups
from app.ui.measure.measure_tools import MeasureTools
from app.ui.measure.tool_bar import ToolBar
from app.ui.pane_grid import PaneGrid
from app.ui.panes.memory_pane import NO_PATCH
from app.ui.program_actions import RECENT
from app.ui.recent_menu import RecentMenu
from app.ui.score_card import ScoreCard
from app.ui.settings_panel import SettingsPanel
from app.ui.study_header import StudyHeader
from app.ui.tour import Tour
from app.ui.tour_steps import tour_steps
from app.ui.view_actions import WINDOW_PRESETS
from app.ui.view_keys import ViewKeys
from app.ui.worklist_view import WorklistView

TITLE = "SQUID Viewer"
SIZE = (1280, 800)
WORKLIST_WIDTH = 268
JUDGEMENTS = {"accept": Judgement.ACCEPTED, "reject": Judgement.REJECTED}
NOTICE_SECONDS = 20  # until the footer lets go of one that is only information


class MainWindow(QMainWindow):
    """The reading room.

    Signals:
        study_selected: UID. image_selected: key. patch_selected: row-major index, -1 for none.
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
        self._score_card: ScoreCard | None = None
        self._how: HowItWorks | None = None
        self.tour: Tour | None = None
        self._notice_timer = QTimer(self)
        self._notice_timer.setSingleShot(True)
        self._notice_timer.setInterval(NOTICE_SECONDS * 1000)
        self.setWindowTitle(TITLE)
        self.setAcceptDrops(True)
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
        self._build_menus()
        self.exports = ExportActions(self, holder, store)
        self._view_keys = ViewKeys(self.actions_by_name, holder, self.panes, self.file_windows, self)
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
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(self.worklist)
        self._splitter.addWidget(reading)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([WORKLIST_WIDTH, 3 * WORKLIST_WIDTH])
        self._splitter.setChildrenCollapsible(False)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._splitter)
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

    def _build_menus(self) -> None:
        menus: dict[str, QMenu] = {name: self.menuBar().addMenu(tr(name)) for name in MENUS}
        for spec in SPECS:
            if not spec.menu:
                continue
            parent = menus[spec.menu.split("/")[0]]
            if spec.menu not in menus:
                menus[spec.menu] = parent.addMenu(tr(spec.menu.split("/")[1]))
            if spec.separated:
                menus[spec.menu].addSeparator()
            menus[spec.menu].addAction(self.actions_by_name[spec.name])
        menus[WINDOW_PRESETS].addSeparator()
        menus[WINDOW_PRESETS].addMenu(self.file_windows)
        self.recent = RecentMenu(menus[RECENT], self._action("forget_recent"))
        self.recent.chosen.connect(self.recent_requested)

    def _connect_wishes(self) -> None:
        self.worklist.study_selected.connect(self.study_selected)
        self.worklist.menu_wanted.connect(self._show_study_menu)
        self.header.image_stepped.connect(self._step_image)
        self.banners.analyse_anyway.connect(self.analyse_anyway)
        self.panes.memory.patch_selected.connect(self.patch_selected)
        self.panes.memory.entry_toggled.connect(self.entry_toggled)
        self.panes.memory.shuffle_toggled.connect(self.shuffle_toggled)
        self.header.judged.connect(self.judged)
        self.header.score_requested.connect(self.show_score)
        self.settings.what_if_changed.connect(self.what_if_changed)
        self.settings.what_if_reset.connect(self.what_if_reset)
        self.settings.display_changed.connect(self._change_display)
        self.settings.device_changed.connect(self.device_changed)
        self.settings.weights_changed.connect(self.weights_changed)
        self.footer.cancel_requested.connect(self.cancel_requested)
        self.footer.resume_requested.connect(self.resume_requested)
        self.footer.report_requested.connect(self.show_import_report)
        self.footer.notices_requested.connect(self.show_notices)
        self.empty.open_requested.connect(self.choose_folder)
        self.empty.demo_requested.connect(self.demo_requested)
        self.measure.marks_changed.connect(self.marks_changed)
        self.measure.region_drawn.connect(self.region_drawn)
        self._view_keys.display_changed.connect(self._change_display)
        self._notice_timer.timeout.connect(self.footer.clear_notice)
        for pane in self.panes.panes:
            pane.image_stepped.connect(self._step_image)
        self.header.priors.beside_wanted.connect(self.beside_wanted)
        self.panes.alone_wanted.connect(lambda: self.beside_wanted.emit(""))
        self.panes.prior.image_stepped.connect(self.beside_image_stepped)
        self.footer.watch.stop_requested.connect(lambda: self.watch_requested.emit(None))

    def _connect_actions(self) -> None:
        does = {
            "open_folder": self.choose_folder,
            "open_files": self.choose_files,
            "open_demo": self.demo_requested.emit,
            "export": self.exports.show,
            "export_panes": self.exports.picture,
            "export_worklist": self.exports.worklist,
            "forget_recent": self.recent_forgotten.emit,
            "watch_folder": self.choose_watched,
            "stop_watching": lambda: self.watch_requested.emit(None),
            "next_prior": lambda: self.beside_stepped.emit(1),
            "previous_prior": lambda: self.beside_stepped.emit(-1),
            "import_report": self.show_import_report,
            "cancel": self.cancel_requested.emit,
            "escape": self.let_go,
            "resume": self.resume_requested.emit,
            "settings": self.settings_requested.emit,
            "quit": self.close,
            "next_study": lambda: self.worklist.step(1),
            "previous_study": lambda: self.worklist.step(-1),
            "next_image": lambda: self._step_image(1),
            "previous_image": lambda: self._step_image(-1),
            "locked_settings": self.what_if_reset.emit,
            "shuffle": self._shuffle,
            "accept": lambda: self._judge(Judgement.ACCEPTED),
            "reject": lambda: self._judge(Judgement.REJECTED),
            "score": self.show_score,
            "overlay_map": lambda: self._next_map("overlay_map"),
            "pane_map": lambda: self._next_map("pane_map"),
            "remove": self._remove_study,
            "tour": lambda: self.show_tour(take_focus=True),
            "how_it_works": self.show_how,
            "shortcuts": self.show_shortcuts,
            "notices": self.show_notices,
            "about": self.show_about,
        }
        for name, function in does.items():
            self.actions_by_name[name].triggered.connect(lambda _=False, function=function: function())
        self._action("settings_panel").setChecked(True)
        self._action("settings_panel").toggled.connect(self.dock.setVisible)
        self.dock.visibilityChanged.connect(lambda _: self._follow_dock())
        self._action("full_screen").toggled.connect(self._show_full_screen)
        self._action("overlay").toggled.connect(lambda on: self._change_display_field("overlay", on))
        self._action("mask_names").toggled.connect(self._change_masking)
        self._action("marks").toggled.connect(lambda on: self._change_display_field("marks", on))
        self._action("corner_text").toggled.connect(lambda on: self._change_display_field("corner_text", on))

    def _action(self, name: str) -> QAction:
        return self.actions_by_name[name]

    def _show_full_screen(self, on: bool) -> None:
        """On and off; a window that was maximised is so again."""
        state, full = self.windowState(), Qt.WindowState.WindowFullScreen
        if bool(state & full) != on:
            self.setWindowState(state | full if on else state & ~full)

    def changeEvent(self, event: QEvent) -> None:
        """The desktop may leave full screen too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and hasattr(self, "actions_by_name"):
            self._action("full_screen").setChecked(self.isFullScreen())

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
            self._action("settings_panel").setChecked(not self.dock.isHidden())

    # -- following the session, the worklist and the notifier

    def _on_session(self, old: Session | None, new: Session) -> None:
        for part in (self.panes, self.worklist, self.settings, self.banners, self.footer, self.empty, self.recent):
            part.render_session(old, new)
        self.header.render_session(old, new)
        self.file_windows.render_session(old, new)
        if self._score_card is not None:
            self._score_card.render_session(new)
        if self._how is not None:
            self._how.render_session(old, new)
        if old is None or old.display is not new.display:
            self._action("overlay").setChecked(new.display.overlay)
            self._action("corner_text").setChecked(new.display.corner_text)
            self._action("marks").setChecked(new.display.marks)
        if old is None or old.keys is not new.keys:
            apply_keys(self.actions_by_name, new.keys)
        self._action("locked_settings").setEnabled(new.what_if_settings is not None)
        self._action("mask_names").setChecked(new.mask_names)
        for name in ("remove", "export"):
            self._action(name).setEnabled(new.study is not None)
        self._action("export_panes").setEnabled(new.radiograph is not None)
        self._action("score").setEnabled(new.detection is not None)
        self._action("shuffle").setEnabled(new.detection is not None)
        for name in JUDGEMENTS:
            self._action(name).setEnabled(new.study is not None and new.study.score is not None)
        self._show_checks(new)
        self._action("stop_watching").setEnabled(new.watch is not None)
        for name in ("next_prior", "previous_prior"):
            self._action(name).setEnabled(bool(new.others))
        self._action("import_report").setEnabled(new.import_report is not None)
        self._action("cancel").setEnabled(new.busy)
        count = len(new.study.images) if new.study else 0
        for name in ("next_image", "previous_image"):
            self._action(name).setEnabled(count > 1)

    def _on_worklist(self, _: Worklist, new: Worklist) -> None:
        self.worklist.set_worklist(new)
        self.worklist.render_session(None, self._holder.state)
        self.footer.show_stopped(new.stopped)
        self._action("resume").setEnabled(new.stopped)
        self._action("export_worklist").setEnabled(bool(len(new)))
        self._stack.setCurrentIndex(1 if len(new) else 0)
        self.dock.setVisible(bool(len(new)) and self._action("settings_panel").isChecked())

    def _on_notice(self, notice: Notice) -> None:
        self.footer.show_notice(notice)
        self._notice_timer.stop()
        if notice.severity.value == "info":
            self._notice_timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what the notifier kept until there was a window."""
        super().showEvent(event)
        self._notifier.flush()

    # -- wishes

    def let_go(self) -> None:
        """Esc: let go of one thing at a time, the nearest first; scoring is stopped last."""
        state = self._holder.state
        if self.tour is not None:
            self.tour.end()
        elif self.measure.in_hand:
            self.measure.escape()
        elif state.patch is not None:
            self.patch_selected.emit(NO_PATCH)
        elif self._view_keys.let_go():
            pass
        elif state.beside is not None:
            self.beside_wanted.emit("")
        elif self.isFullScreen():
            self._action("full_screen").setChecked(False)
        elif state.busy:
            self.cancel_requested.emit()

    def _change_keys(self, own: object) -> None:
        self._holder.update(keys=own)
        self.keys_changed.emit(own)

    def _change_display(self, display: object) -> None:
        self._holder.update(display=display)
        self.display_changed.emit(display)

    def _change_masking(self, on: bool) -> None:
        if on != self._holder.state.mask_names:
            self._holder.update(mask_names=on)
            self.masking_changed.emit(on)

    def _change_display_field(self, name: str, value: bool) -> None:
        display = self._holder.state.display
        if getattr(display, name) != value:
            self._change_display(display.model_copy(update={name: value}))

    def _shuffle(self) -> None:
        self.shuffle_toggled.emit(not self._holder.state.what_if_edit.shuffled)
        self._show_checks(self._holder.state)

    def _judge(self, judgement: Judgement) -> None:
        self.judged.emit(judgement)
        self._show_checks(self._holder.state)

    def _show_checks(self, session: Session) -> None:
        """Check marks of the menu that follow the session, whatever Qt has done to them on a key."""
        judgement = session.study.judgement if session.study else Judgement.NONE
        for name, value in JUDGEMENTS.items():
            self._action(name).setChecked(judgement is value)
        self._action("shuffle").setChecked(session.what_if_edit.shuffled)

    def _next_map(self, name: str) -> None:
        """The next map in the pane, or over the original, which is then shown."""
        display = self._holder.state.display
        kinds = list(EvidenceMap)
        following = kinds[(kinds.index(getattr(display, name)) + 1) % len(kinds)]
        changes = {name: following} | ({"overlay": True} if name == "overlay_map" else {})
        self._change_display(display.model_copy(update=changes))

    def _step_image(self, step: int) -> None:
        session = self._holder.state
        keys = [image.key for image in session.study.images] if session.study else []
        if session.image_key not in keys:
            return
        at = keys.index(session.image_key) + step
        if 0 <= at < len(keys):
            self.image_selected.emit(keys[at])

    def _show_study_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self._action("export"), self._action("remove")])
        menu.popup(where)

    def _remove_study(self) -> None:
        if self._holder.state.study is not None:
            self.remove_requested.emit(self._holder.state.study_uid)

    def choose_folder(self) -> None:
        """Ask for a folder and open it."""
        folder = QFileDialog.getExistingDirectory(self, tr("Open a folder of DICOM files"))
        if folder:
            self.open_requested.emit([Path(folder)])

    def choose_watched(self) -> None:
        """Ask for the folder to watch."""
        folder = QFileDialog.getExistingDirectory(self, tr("Watch a folder for new DICOM files"))
        if folder:
            self.watch_requested.emit(Path(folder))

    def choose_files(self) -> None:
        """Ask for files and open them."""
        names, _ = QFileDialog.getOpenFileNames(self, tr("Open DICOM files"))
        if names:
            self.open_requested.emit([Path(name) for name in names])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders are welcome."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.empty.set_dropping(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went away."""
        super().dragLeaveEvent(event)
        self.empty.set_dropping(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.empty.set_dropping(False)
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_requested.emit(paths)

    # -- windows that open on request

    def show_import_report(self) -> None:
        """Open the import report."""
        report = self._holder.state.import_report
        if report is not None:
            self.open_dialog(ImportReportDialog(report, self))

    def show_notices(self) -> None:
        """Open the list of notices."""
        self.open_dialog(NoticesDialog(self._notifier.history, self))

    def show_shortcuts(self) -> None:
        """Open the list of keys and its editor."""
        dialog = KeysDialog(self._holder.state.keys, self)
        dialog.changed.connect(self._change_keys)
        self.open_dialog(dialog)

    def show_score(self) -> None:
        """Open the score in words and picture, or bring it to the front; it follows what is shown."""
        if self._holder.state.detection is None:
            return
        if self._score_card is None:
            self._score_card = ScoreCard(self)
            self._score_card.render_session(self._holder.state)
        self._score_card.show()
        self._score_card.raise_()
        self._score_card.activateWindow()

    def show_tour(self, take_focus: bool) -> None:
        """Begin the tour, from its first step.

        Args:
            take_focus: the user asked for it; else it leaves the keys to whatever has the focus.
        """
        if self.tour is not None:
            self.tour.end()
        self.tour = Tour(self, lambda: tour_steps(self))
        self.tour.ended.connect(self._forget_tour)
        self.tour.begin(take_focus)

    def _forget_tour(self) -> None:
        self.tour = None

    def show_how(self) -> None:
        """Open the page on how SQUID works, or bring it to the front; its pictures follow what is shown."""
        if self._how is None:
            self._how = HowItWorks(self)
            self._how.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._how.finished.connect(self._forget_how)
            self._how.render_session(None, self._holder.state)
        self._how.show()
        self._how.raise_()
        self._how.activateWindow()

    def _forget_how(self) -> None:
        self._how = None

    def show_about(self) -> None:
        """Open the about box."""
        self.open_dialog(AboutDialog(self))

    def open_dialog(self, dialog: QDialog) -> None:
        """Open a dialog that the window does not wait for."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
