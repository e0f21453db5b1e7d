"""The composition root: the window, the services, and the wires between them.

The window comes first; everything that reads disks or starts processes begins once it is on the screen.
"""

from __future__ import annotations

import base64
import signal
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError
from PySide6.QtCore import QByteArray, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.domain.errors import Notice, Severity
from app.domain.exporting import ExportMemory, ExportOrder
from app.domain.session import Session
from app.domain.settings import MAX_RECENT, Settings
from app.i18n.language import use_language
from app.paths import AppPaths
from app.services.demo import demo_folder
from app.services.logs import start_logging
from app.services.readers import new_readers
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.settings_keeper import SettingsKeeper
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from app.services.threads.garbage import GarbageCollector
from app.services.workplace import Workplace
from app.ui.keys.bindings import all_keys, read_keys
from app.ui.look import theme
from app.ui.preferences.dialog import SettingsDialog
from app.ui.preferences.settings_list import all_settings
from app.ui.window.main_window import MainWindow
from app.ui.window.screen_place import bring_onto_screen
from app.ui.window.window_memory import bring_back, remember
from squid_core.contracts.errors import SquidError
from squid_core.dicom.readers import ReaderPool

SIGNALS_MS = 250
MODAL_MS = 300  # until it is looked again whether the window may be built anew


def application() -> QApplication:
    """The QApplication, with its name; the one there is, where there is one."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
    app.setApplicationName("squid-viewer")
    app.setApplicationDisplayName("SQUID Viewer")
    return app


def dress(settings: Settings) -> None:
    """Give the application the theme and the language of the settings; windows built from now on have them."""
    use_language(settings.language)
    theme.apply(application(), theme.resolve(settings.theme))


class Program(QObject):
    """The running program.

    Args:
        paths: its own folder.
        device: overrides the device of the settings for this run.
        readers: who parses files, where they have been started already.
        keep_layout: bring back the window's size and place, and remember them at the end.
    """

    def __init__(
        self,
        paths: AppPaths,
        device: str | None = None,
        keep_layout: bool = True,
        readers: ReaderPool | None = None,
    ) -> None:
        super().__init__()
        self._readers = readers or new_readers(paths)
        self._paths, self._keep_layout = paths, keep_layout
        self._courier = Courier(self)
        self.notifier = Notifier()
        self._end_logging = start_logging(paths, self._on_fault)
        self.settings = SettingsKeeper(paths.settings, self._courier, self.notifier)
        settings = self.settings.now
        self.store = WorklistStore()
        own_keys, left_out = read_keys(settings.keys)
        self.holder = SessionHolder(
            Session(
                display=settings.display,
                device=device or settings.device,
                weights=settings.weights,
                mask_names=settings.mask_names,
                mask_key=settings.mask_key,
                keys=all_keys(own_keys),
                recent=settings.recent,
            )
        )
        self.workplace: Workplace | None = None
        self._dialog: SettingsDialog | None = None
        self._closed = False
        self._garbage = GarbageCollector()
        self._waiting: list[Callable[[Workplace], object]] = []
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
        self._wire()
        if keep_layout and not settings.tour_seen:
            self.holder.changed.connect(self._offer_tour)
        self._desktop = QApplication.styleHints().colorSchemeChanged.connect(self._on_colour_scheme)

    def start(self) -> None:
        """Show the window; the services begin as soon as it is there."""
        self.window.show()
        self.notifier.flush()
        QTimer.singleShot(0, self, self._start_work)

    def open(self, paths: Sequence[Path]) -> None:
        """Import files and folders, now or as soon as the stored worklist is back."""
        absolute = [path.absolute() for path in paths]
        self._remember(absolute)
        self._do(lambda work: work.open(absolute))

    def open_recent(self, path: Path) -> None:
        """Open something once more; what is gone is said and taken off the list."""
        self._courier.when_done(ask_disk(path.exists), lambda done: self._on_looked_for(path, done.result()))

    def watch(self, folder: Path | None) -> None:
        """Import what appears in this folder, now and in later runs; None for no folder."""
        self.use("watched", folder.absolute() if folder else None)

    def open_demo(self) -> None:
        """Import the demonstration folder."""
        try:
            folder = demo_folder()
        except SquidError as error:
            self.notifier.post(Notice.from_error(error))
        else:
            self._do(lambda work: work.open([folder]))

    @property
    def idle(self) -> bool:
        """Whether everything asked for has been done."""
        return self.workplace is not None and self.workplace.idle and not self._waiting

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
        QObject.disconnect(self._desktop)
        self.settings.close()
        self.window.close()
        self.window.deleteLater()
        self._courier.close()
        if self.workplace is not None:
            self.workplace.close()
            self.workplace = None
        self._garbage.close()
        self._end_logging()

    def _start_work(self) -> None:
        self.workplace = Workplace(self._paths.database, self.holder, self.store, self.notifier, self._readers)
        self.workplace.restored.connect(self._on_restored)
        if self.settings.now.watched is not None:
            self._do(lambda work: work.watch_folder(self.settings.now.watched))

    def _on_restored(self) -> None:
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            self._do(action)

    def _offer_tour(self, _: Session, new: Session) -> None:
        """The first run: once there is something to point at."""
        if new.detection is not None and new.radiograph is not None and self.window.isVisible():
            self.holder.changed.disconnect(self._offer_tour)
            self.settings.change(tour_seen=True)
            QTimer.singleShot(0, self, lambda: self.window.dialogs.show_tour(take_focus=False))

    def _remember(self, paths: Sequence[Path]) -> None:
        """What was opened goes to the top of the list; of files opened together, the folder they lie in."""
        opened = [path if len(paths) == 1 or path.is_dir() else path.parent for path in paths]
        self._use_recent((*opened, *self.settings.now.recent))

    def _use_recent(self, paths: Iterable[Path]) -> None:
        recent = tuple(dict.fromkeys(paths))[:MAX_RECENT]
        self.settings.change(recent=recent)
        self.holder.update(recent=recent)
        self._follow_dialog()

    def _on_looked_for(self, path: Path, found: bool) -> None:
        if found:
            self.open([path])
            return
        self._use_recent(other for other in self.settings.now.recent if other != path)
        advice = f"{path} was taken off the list of what was opened last; open it where it lies now."
        self.notifier.post(Notice(Severity.WARNING, "That folder or file is no longer there.", advice))

    def _do(self, action: Callable[[Workplace], object]) -> None:
        """Hand an intention to the services, or keep it until they have begun."""
        if self.workplace is not None and self.workplace.is_restored:
            action(self.workplace)
        else:
            self._waiting.append(action)

    def _build_window(self) -> MainWindow:
        window = MainWindow(self.holder, self.store, self.notifier)
        window.export_memory = ExportMemory.of(self.settings.now.export_folder, self.settings.now.export_kinds)
        return window

    def _wire(self) -> None:
        window, do = self.window, self._do
        window.study_selected.connect(lambda uid: do(lambda work: work.select_study(uid)))
        window.image_selected.connect(lambda key: do(lambda work: work.select_image(key)))
        window.patch_selected.connect(lambda patch: do(lambda work: work.desk.select_patch(patch)))
        window.patch_peeked.connect(lambda patch: do(lambda work: work.desk.peek_patch(patch)))
        window.what_if_changed.connect(lambda settings: do(lambda work: work.desk.try_settings(settings)))
        window.what_if_reset.connect(lambda: do(lambda work: work.desk.reset_settings()))
        window.entry_toggled.connect(lambda slot: do(lambda work: work.desk.toggle_entry(slot)))
        window.shuffle_toggled.connect(lambda on: do(lambda work: work.desk.shuffle_memory(on)))
        window.region_drawn.connect(lambda region: do(lambda work: work.desk.replace_region(region)))
        window.judged.connect(lambda judgement: do(lambda work: work.judge(judgement)))
        window.analyse_anyway.connect(lambda key: do(lambda work: work.queue.analyse_anyway(key)))
        window.cancel_requested.connect(lambda: do(lambda work: work.cancel()))
        window.remove_requested.connect(lambda uid: do(lambda work: work.remove_study(uid)))
        window.marks_changed.connect(lambda key, marks: do(lambda work: work.annotations.save(key, marks)))
        window.resume_requested.connect(lambda: do(lambda work: work.queue.resume()))
        window.open_requested.connect(self.open)
        window.demo_requested.connect(self.open_demo)
        window.display_changed.connect(lambda display: self.use("display", display))
        window.device_changed.connect(lambda device: self.use("device", device))
        window.weights_changed.connect(lambda weights: self.use("weights", weights))
        window.masking_changed.connect(lambda on: self.use("mask_names", on))
        window.keys_changed.connect(lambda keys: self.settings.change(keys=keys))
        window.settings_requested.connect(self.show_settings)
        window.export_ordered.connect(self._on_export)
        window.picture_ordered.connect(
            lambda path, picture: do(lambda work: work.exporter.write_picture(path, picture, self.holder.state.masking))
        )
        window.worklist_ordered.connect(
            lambda path: do(
                lambda work: work.exporter.write_worklist(path, self.store.worklist, self.holder.state.masking)
            )
        )
        window.recent_requested.connect(self.open_recent)
        window.recent_forgotten.connect(lambda: self.use("recent", ()))
        window.watch_requested.connect(self.watch)
        window.beside_wanted.connect(lambda uid: do(lambda work: work.priors.show(uid)))
        window.beside_stepped.connect(lambda step: do(lambda work: work.priors.step(step)))
        window.beside_image_stepped.connect(lambda step: do(lambda work: work.priors.step_image(step)))

    def use(self, name: str, value: object) -> None:
        """Change one setting, and have everybody follow it.

        Args:
            name: as in Settings, with a dot within a group.
            value: one that the model allows; another is left out.
        """
        try:
            self._use(self.settings.now.with_value(name, value), name)
        except ValidationError:
            self._follow_dialog()  # it shows what it was

    def _use(self, new: Settings, asked: str = "") -> None:
        old = self.settings.now
        self.settings.replace(new)
        self.holder.update(display=new.display, mask_names=new.mask_names)
        if new.device != old.device or asked == "device":  # another may be in force for this run
            self._do(lambda work: work.use_device(new.device))
        if new.recent != old.recent:
            self.holder.update(recent=new.recent)
        if new.watched != old.watched:
            self._do(lambda work: work.watch_folder(new.watched))
        if new.weights != old.weights:
            self._do(lambda work: work.use_weights(new.weights))
        if (new.theme, new.language) != (old.theme, old.language):
            QTimer.singleShot(0, self, self._rebuild_window)  # not while a widget of the old window is being left
        self._follow_dialog()

    def show_settings(self) -> SettingsDialog:
        """Open the settings dialog."""
        weights = tuple((name, name) for name in self.holder.state.weights_available)
        self._dialog = dialog = SettingsDialog(self.settings.now, {"weights": weights}, self.window)
        dialog.wanted.connect(self.use)
        dialog.reset_wanted.connect(self._reset_settings)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()
        return dialog

    def _reset_settings(self) -> None:
        new = self.settings.now
        for setting in all_settings():
            new = new.with_value(setting.name, Settings.default(setting.name))
        self._use(new)

    def _follow_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.show_settings(self.settings.now)

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _on_colour_scheme(self) -> None:
        if self.settings.now.theme == theme.SYSTEM:
            self._rebuild_window()

    def _rebuild_window(self) -> None:
        """A new window where the old one is; what the old one listened to, it hears no more."""
        if self._closed:
            return
        if QApplication.activeModalWidget() not in (None, self._dialog):  # it waits in a loop of its own
            QTimer.singleShot(MODAL_MS, self, self._rebuild_window)
            return
        old, memory = self.window, remember(self.window)
        place = self._dialog.place if self._dialog is not None else None
        dress(self.settings.now)
        self.window = self._build_window()
        self._wire()
        bring_back(self.window, memory)
        if old.isVisible():
            self.window.show()
            self.window.activateWindow()
        old.hide()  # not closed: a closed window may end the program
        old.deleteLater()
        if place is not None:
            self.show_settings().go_back_to(place)

    def _on_export(self, order: ExportOrder) -> None:
        self.settings.change(export_folder=order.folder, export_kinds=tuple(kind.value for kind in order.kinds))
        self._do(lambda work: work.exporter.start(order))

    def _on_fault(self, kind: str) -> None:
        self.notifier.post(
            Notice(
                Severity.ERROR,
                "Something in the program failed.",
                "Your worklist is safe. If it happens again, send the log file to the maintainers.",
                kind,
            )
        )


def run(paths: Sequence[Path], demo: bool, device: str | None, readers: ReaderPool) -> int:
    """Open the window and stay until it is closed; the exit code."""
    app = application()
    program = Program(AppPaths.default(), device, readers=readers)
    program.start()
    signals = _quit_on_signals(app)
    if demo:
        program.open_demo()
    if paths:
        program.open(paths)
    try:
        return app.exec()
    finally:
        signals.stop()
        program.close()


def _quit_on_signals(app: QApplication) -> QTimer:
    """Ctrl+C and a polite kill close the program as its window would."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: app.quit())
    timer = QTimer()  # Python looks at signals only while it runs
    timer.setInterval(SIGNALS_MS)
    timer.timeout.connect(lambda: None)
    timer.start()
    return timer


def _text(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(QByteArray(text.encode("ascii", "ignore")))
