"""The composition root: the window, the services, and the wires between them.

The window comes first; everything that reads disks or starts processes begins once it is on the screen.
"""

from __future__ import annotations

import base64
import logging
import signal
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.domain.drift.watch import DriftQuestion
from app.domain.errors import Notice, Severity
from app.domain.exporting import ExportMemory
from app.domain.layers.chosen import load_chosen
from app.domain.layers.policy import load_policy
from app.domain.session import Session
from app.domain.settings import Settings
from app.i18n.language import use_language
from app.instance import Request
from app.paths import AppPaths
from app.services.demo import demo_folder
from app.services.file_dialogs import keep_folders_shown
from app.services.logs import start_logging
from app.services.network.network import Network
from app.services.readers import new_readers
from app.services.second_start import SecondStart
from app.services.services import Services
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.settings_keeper import SettingsKeeper
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from app.services.threads.garbage import GarbageCollector
from app.ui.dialogs.forgetting import forget_with_page
from app.ui.keys.bindings import all_keys, read_keys
from app.ui.look import theme
from app.ui.preferences.dialog import SettingsDialog
from app.ui.preferences.preferences import Preferences
from app.ui.window.main_window import MainWindow
from app.ui.window.screen_place import bring_onto_screen
from app.ui.window.window_memory import bring_back, remember
from app.ui.wishes import Wishes
from squid_core.contracts.charset import Charset
from squid_core.contracts.errors import SquidError
from squid_core.dicom.readers import ReaderPool
from squid_core.files import Narrowed, narrow
from squid_core.forgetting import order_forgetting, what_is_held

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 5.0  # with a disk, until the program goes on without its answer
SIGNALS_MS = 250
NOT_ALONE = Notice(
    Severity.WARNING,
    "It cannot be seen whether this program is running twice.",
    "Its folder lies on a disk without locks, or cannot be written; open only one window on it.",
)
OPEN_FOLDER = Notice(
    Severity.WARNING,
    "Other users of this computer can look into the program's own folder.",
    "It holds names of patients. Its owner, or an administrator, has to close it to others.",
)
FAULT = "Something in the program failed."
MODAL_MS = 300  # until it is looked again whether the window may be built anew


def application() -> QApplication:
    """The QApplication, with its name; the one there is, where there is one."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
    app.setApplicationName("squid-viewer")
    app.setApplicationDisplayName("SQUID Viewer")
    app.setDesktopFileName("squid-viewer")  # under Wayland the icon comes from there
    return app


def dress(settings: Settings) -> None:
    """Give the application the theme and the language of the settings; windows built from now on have them."""
    use_language(settings.language)
    theme.apply(application(), theme.resolve(settings.theme))


class Program(QObject):
    """The running program; its services are at work once the window is on the screen.

    Args:
        paths: its own folder.
        device: overrides the device of the settings for this run, unless it is the administrator's.
        charset: overrides the default character set of the settings for this run; likewise.
        readers: who parses files, where they have been started already.
        keep_layout: bring back the window's size and place, and remember them at the end.
        network: speak to other systems and listen to them, as far as that is configured.
    """

    def __init__(
        self,
        paths: AppPaths,
        device: str | None = None,
        keep_layout: bool = True,
        readers: ReaderPool | None = None,
        charset: Charset | None = None,
        *,
        network: bool = True,
    ) -> None:
        super().__init__()
        self._keep_layout, self._paths = keep_layout, paths
        self._courier = Courier(self)
        self.notifier = Notifier()
        self._end_logging = start_logging(paths, self._on_fault)
        keep_folders_shown(paths)
        self.settings = SettingsKeeper(paths.settings, self._courier, self.notifier)
        settings = self.settings.now
        self.store = WorklistStore()
        own_keys, left_out = read_keys(settings.keys)
        self.holder = SessionHolder(
            Session(
                display=settings.display,
                listing=settings.worklist,
                mouse=settings.mouse,
                hanging=settings.hanging,
                device=(self.settings.fixed_value("device") or device or settings.device),
                weights=settings.weights,
                fixed=self.settings.fixed,
                mask_names=settings.mask_names,
                mask_key=settings.mask_key,
                keys=all_keys(own_keys),
                recent=settings.recent,
                restored=False,
                drift_question=DriftQuestion(abnormal=settings.drift_abnormal),
            )
        )
        self.wishes = Wishes()
        self._closed = False
        self._garbage = GarbageCollector()
        if left_out:
            self.notifier.post(
                Notice(
                    Severity.WARNING,
                    "Some keys in the settings could not be used.",
                    "These actions have the program's own keys; Help, Keys and mouse shows and changes them.",
                    f"{left_out} actions",
                )
            )
        dress(settings)
        self.window = self._build_window()
        if keep_layout:
            self.window.restoreGeometry(_bytes(settings.window_geometry))
            self.window.restoreState(_bytes(settings.window_state))
            self.window.divider.bring_back(settings.worklist_width)
            bring_onto_screen(self.window)
        readers = readers or new_readers(paths)
        readers.charset = settings.charset
        self.services = Services(paths.database, self.holder, self.store, self.notifier, readers, network=network)
        self.services.use_charset(self.settings.fixed_value("charset") or charset or settings.charset)
        self.services.drift.looked_on = settings.drift_looked
        self.services.last_image = settings.last_image
        self.preferences = Preferences(self.settings, self.holder, self.services, self.wishes, self.notifier)
        self._wire()
        if keep_layout and not settings.tour_seen:
            self.holder.changed.connect(self._offer_tour)
        self.holder.changed.connect(self._remember_image)
        self._second_start = SecondStart(paths.root, self._courier)
        self._second_start.asked.connect(self.come_forward)
        self._desktop = QApplication.styleHints().colorSchemeChanged.connect(self._on_colour_scheme)

    def start(self) -> None:
        """Show the window; the services begin as soon as it is there."""
        self.window.show()
        if self._keep_layout:
            self.window.pulled_out.bring_back(self.settings.now.pulled_out)
        self.notifier.flush()
        QTimer.singleShot(0, self, self._start_work)

    def open(self, paths: Sequence[Path]) -> None:
        """Import files and folders, now or as soon as the stored worklist is back."""
        absolute = [path.absolute() for path in paths]
        self.services.open(absolute)
        if len(absolute) == 1:
            self.preferences.remember_opened(absolute)
            return

        def opened() -> list[Path]:  # of files opened together, the folder they lie in
            return [path if path.is_dir() else path.parent for path in absolute]

        looked = ask_disk(opened, PATIENCE_SECONDS, lambda: absolute)
        self._courier.when_done(looked, lambda done: self.preferences.remember_opened(done.result()))

    def open_recent(self, path: Path) -> None:
        """Open something once more; what is gone is said and taken off the list."""
        looked = ask_disk(path.exists, PATIENCE_SECONDS, lambda: True)  # a silent disk is waited for by the import
        self._courier.when_done(looked, lambda done: self._on_looked_for(path, done.result()))

    def come_forward(self, request: Request) -> None:
        """The program was started a second time: show the window, and open there what was asked for."""
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        if request.demo:
            self.open_demo()
        if request.paths:
            self.open(request.paths)

    def open_demo(self) -> None:
        """Import the demonstration folder."""
        self._courier.when_done(ask_disk(demo_folder), self._on_demo)

    @property
    def idle(self) -> bool:
        """Whether everything asked for has been done."""
        return self.services.idle

    def close(self) -> None:
        """Save the settings, end every thread and child. What is in hand is resumed at the next start.

        Once is enough: the settings of a program that has gone are not written over those of the next.
        """
        if self._closed:
            return
        self._closed = True
        if self._keep_layout:
            geometry, state = (_text(part) for part in (self.window.saveGeometry(), self.window.saveState()))
            width = self.window.divider.own_width
            self.settings.change(window_geometry=geometry, window_state=state, worklist_width=width)
        self.window.pulled_out.end()
        QObject.disconnect(self._desktop)
        self.settings.close()
        self.window.close()
        self.window.deleteLater()
        self._courier.close()
        self.services.close()
        self._garbage.close()
        self._end_logging()

    def _start_work(self) -> None:
        self._courier.when_done(ask_disk(partial(narrow, self._paths.root)), self._on_narrowed)
        self.services.start()
        if self.settings.now.watched is not None:
            self.services.watch_folder(self.settings.now.watched)

    def _on_narrowed(self, done: Future[Narrowed]) -> None:
        if done.exception() is None and (found := done.result()).refused:
            log.warning("Rights in the program's folder that could not be narrowed: %d", found.refused)
        if done.exception() is None and done.result().is_open:
            self.notifier.post(OPEN_FOLDER)

    def _count_held(self) -> None:
        asked = ask_disk(partial(what_is_held, self._paths.root))
        self._courier.when_done(asked, lambda done: self.holder.update(held=done.result()))

    def _forget(self, settings: bool) -> None:
        """Have everything forgotten: once that is on the disk the program ends, and `run` carries it out."""
        ordered = ask_disk(partial(order_forgetting, self._paths.root, settings=settings))
        self._courier.when_done(ordered, self._on_ordered)

    def _on_ordered(self, done: Future[None]) -> None:
        if isinstance(error := done.exception(), SquidError):
            self.notifier.post(Notice.from_error(error))
        else:
            application().quit()

    def _remember_image(self, old: Session, new: Session) -> None:
        if new.image_key and new.image_key != old.image_key:
            self.settings.change(last_image=new.image_key)

    def _offer_tour(self, _: Session, new: Session) -> None:
        """The first run: once there is something to point at."""
        if new.detection is not None and new.radiograph is not None and self.window.isVisible():
            self.holder.changed.disconnect(self._offer_tour)
            self.settings.change(tour_seen=True)
            QTimer.singleShot(0, self, lambda: self.window.dialogs.show_tour(take_focus=False))

    def _on_demo(self, found: Future[Path]) -> None:
        if isinstance(error := found.exception(), SquidError):
            self.notifier.post(Notice.from_error(error))
        elif error is None:
            self.services.open([found.result()])

    def _on_looked_for(self, path: Path, found: bool) -> None:
        if found:
            self.open([path])
            return
        self.preferences.forget_opened(path)
        advice = f"{path} was taken off the list of what was opened last; open it where it lies now."
        self.notifier.post(Notice(Severity.WARNING, "That folder or file is no longer there.", advice))

    def _build_window(self) -> MainWindow:
        window = MainWindow(self.holder, self.store, self.notifier, self.wishes)
        window.exports.memory = ExportMemory.of(self.settings.now.export_folder, self.settings.now.export_kinds)
        window.pulled_out.changed.connect(lambda places: self.settings.change(pulled_out=places))
        panel = window.actions_by_name["settings_panel"]
        panel.setChecked(self.settings.now.panel_open)
        panel.toggled.connect(lambda on: self.settings.change(panel_open=on))
        return window

    def _wire(self) -> None:
        """Who does what the user asks for."""
        wishes, services, preferences = self.wishes, self.services, self.preferences
        what_ifs, priors = services.what_ifs, services.priors
        wishes.open_requested.connect(self.open)
        wishes.demo_requested.connect(self.open_demo)
        wishes.recent_requested.connect(self.open_recent)
        wishes.recent_forgotten.connect(preferences.forget_all_opened)
        wishes.watch_requested.connect(preferences.watch)
        wishes.locate_requested.connect(services.locate)
        wishes.again_requested.connect(services.read_again)
        wishes.study_selected.connect(services.select_study)
        wishes.image_selected.connect(services.desk.select_image)
        wishes.unread_wanted.connect(services.visits.next_unread)
        wishes.back_wanted.connect(services.visits.back)
        wishes.marked.connect(services.judging.mark)
        wishes.remove_requested.connect(services.removing.remove)
        wishes.filter_changed.connect(lambda wanted: self.holder.update(filter=wanted))
        wishes.analyse_anyway.connect(services.queue.analyse_anyway)
        wishes.analyse_alike.connect(partial(services.queue.analyse_anyway, alike=True))
        wishes.cancel_requested.connect(services.cancel)
        wishes.resume_requested.connect(services.queue.resume)
        for done in (wishes.analyse_anyway, wishes.analyse_alike, wishes.cancel_requested, wishes.resume_requested):
            done.connect(lambda *_: self.store.tell_soon())  # the rows that it changes
        wishes.patch_selected.connect(what_ifs.select_patch)
        wishes.patch_peeked.connect(what_ifs.peek_patch)
        wishes.judged.connect(services.judge)
        wishes.undo_requested.connect(services.history.undo)
        wishes.redo_requested.connect(services.history.redo)
        wishes.header_wanted.connect(lambda on: services.headers.look() if on else services.headers.close())
        wishes.state_wanted.connect(services.presenting.show)
        wishes.state_stepped.connect(services.presenting.step)
        wishes.marks_changed.connect(services.annotations.save)
        wishes.what_if_changed.connect(what_ifs.try_settings)
        wishes.what_if_reset.connect(what_ifs.reset_settings)
        wishes.entry_toggled.connect(what_ifs.toggle_entry)
        wishes.shuffle_toggled.connect(what_ifs.shuffle_memory)
        wishes.region_drawn.connect(what_ifs.replace_region)
        wishes.beside_wanted.connect(priors.show)
        wishes.beside_stepped.connect(priors.step)
        wishes.beside_image_stepped.connect(priors.step_image)
        wishes.drift_asked.connect(preferences.remember_drift)
        wishes.drift_asked.connect(services.drift.look)
        services.drift.looked.connect(lambda day: self.settings.change(drift_looked=day))
        wishes.export_ordered.connect(preferences.remember_export)
        wishes.export_ordered.connect(services.exporter.start)
        wishes.picture_ordered.connect(services.save_picture)
        wishes.page_wanted.connect(services.exporter.draw_page)
        wishes.print_ordered.connect(services.exporter.send_to_printer)
        services.exporter.page_drawn.connect(lambda page: self.window.exports.print_page(page))
        wishes.worklist_ordered.connect(services.save_worklist)
        if services.network is not None:
            self._wire_network(services.network)
        wishes.learning_looked_at.connect(services.learning.look)
        wishes.learning_wanted.connect(services.learning.learn)
        wishes.learning_stopped.connect(services.learning.cancel)
        wishes.learned_used.connect(services.learning.use)
        wishes.learned_discarded.connect(services.learning.discard)
        wishes.learned_chosen.connect(preferences.use_learned)
        wishes.learned_deleted.connect(services.learning.delete)
        services.learning.taken.connect(preferences.use_learned)
        services.learning.deleted.connect(preferences.forget_learned)
        wishes.scored_alike.connect(services.score_alike)
        wishes.display_changed.connect(partial(preferences.use, "display"))
        wishes.listing_changed.connect(partial(preferences.use, "worklist"))
        wishes.hanging_reset.connect(preferences.hang_as_shipped)
        services.hanging.display_wanted.connect(preferences.hang)
        wishes.device_changed.connect(partial(preferences.use, "device"))
        wishes.weights_changed.connect(partial(preferences.use, "weights"))
        wishes.masking_changed.connect(partial(preferences.use, "mask_names"))
        wishes.keys_changed.connect(preferences.use_keys)
        wishes.held_asked.connect(self._count_held)
        wishes.forgetting_wanted.connect(self._forget)
        wishes.settings_requested.connect(self._show_settings)
        wishes.network_settings_requested.connect(lambda: self._show_settings().go_to_network())
        preferences.look_changed.connect(self._on_look)

    def _wire_network(self, network: Network) -> None:
        wishes = self.wishes
        wishes.network_settings_changed.connect(network.change_settings)
        wishes.password_kept.connect(network.keeper.keep_password)
        wishes.peer_tested.connect(network.queries.test)
        wishes.studies_asked.connect(network.queries.find)
        wishes.query_cancelled.connect(network.queries.cancel)
        wishes.studies_fetched.connect(network.fetching.fetch)
        wishes.fetch_cancelled.connect(network.fetching.cancel)
        wishes.results_sent.connect(network.writer.order)
        wishes.outbox_retried.connect(network.sending.retry)
        wishes.outbox_given_up.connect(network.sending.give_up)

    def _show_settings(self) -> SettingsDialog:
        return self.preferences.show_dialog(self.window)

    def _on_look(self) -> None:
        QTimer.singleShot(0, self, self._rebuild_window)  # not while a widget of the old window is being left

    def _on_colour_scheme(self) -> None:
        if self.settings.now.theme == theme.SYSTEM:
            self._rebuild_window()

    def _rebuild_window(self) -> None:
        """A new window where the old one is; what the old one listened to, it hears no more."""
        if self._closed:
            return
        dialog = self.preferences.dialog
        if QApplication.activeModalWidget() not in (None, dialog):  # it waits in a loop of its own
            QTimer.singleShot(MODAL_MS, self, self._rebuild_window)
            return
        old, memory, places = self.window, remember(self.window), self.window.pulled_out.places
        old.pulled_out.end()
        place = dialog.place if dialog is not None else None
        dress(self.settings.now)
        self.window = self._build_window()
        bring_back(self.window, memory)
        if old.isVisible():
            self.window.show()
            self.window.pulled_out.bring_back(places)
            self.window.activateWindow()
        old.hide()  # not closed: a closed window may end the program
        old.deleteLater()
        if place is not None:
            self.preferences.show_dialog(self.window).go_back_to(place)

    def _on_fault(self, kind: str) -> None:
        self.notifier.post(
            Notice(
                Severity.ERROR,
                FAULT,
                "Your worklist is safe. If it happens again, send the log file to the maintainers.",
                kind,
            )
        )


def run(
    paths: Sequence[Path],
    demo: bool,
    device: str | None,
    readers: ReaderPool,
    *,
    charset: Charset | None = None,
    alone: bool = True,
) -> int:
    """Open the window and stay until it is closed; the exit code.

    Args:
        paths: files and folders to open.
        demo: open the demonstration folder.
        device: see `Program`.
        readers: see `Program`.
        charset: see `Program`.
        alone: whether it is sure that no other program has the same folder.
    """
    app, own = application(), AppPaths.default()
    dress(load_chosen(own.settings)[0].settings(load_policy()[0]))
    forget_with_page(own.root, goes_on=True)  # where a run was killed over it
    program = Program(own, device, readers=readers, charset=charset)
    program.start()
    if not alone:
        program.notifier.post(NOT_ALONE)
    signals = _quit_on_signals(app, program)
    if demo:
        program.open_demo()
    if paths:
        program.open(paths)
    try:
        return app.exec()
    finally:
        signals.stop()
        program.close()
        forget_with_page(own.root, goes_on=False)


def _quit_on_signals(app: QApplication, program: Program) -> QTimer:
    """Ctrl+C and a polite kill close the program as its window would."""

    def leave(*_: object) -> None:
        program.window.pulled_out.end()  # while it is known which windows are to come back
        app.quit()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    timer = QTimer(interval=SIGNALS_MS)  # Python looks at signals only while it runs
    timer.timeout.connect(lambda: None)
    timer.start()
    return timer


def _text(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(QByteArray(text.encode("ascii", "ignore")))
