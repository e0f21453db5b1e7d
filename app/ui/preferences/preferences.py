"""What the user has chosen: changed here, and followed by session, services, window and the settings dialog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from pydantic import ValidationError
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.drift.watch import DriftQuestion
from app.domain.exporting import ExportOrder
from app.domain.hanging.rules import hanging_of, hung, remembered, rules_in_use
from app.domain.layers.policy import REFUSED
from app.domain.learning import Population
from app.domain.session import Session
from app.domain.settings import MAX_RECENT, DisplaySettings, Settings
from app.i18n.language import tr
from app.services.services import Services
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.settings_keeper import SettingsKeeper
from app.services.threads.signals import TypedSignal
from app.ui.keys.bindings import Keys, all_keys, read_keys
from app.ui.preferences.dialog import SettingsDialog
from app.ui.preferences.keeping import STUDIES_KEPT, going_question
from app.ui.preferences.network import NetworkGroup
from app.ui.preferences.settings_list import STUDIES_KEPT_WORDS, all_settings
from app.ui.wishes import Wishes
from squid_core.bundle.library import AUTO


class Preferences(QObject):
    """Changes the settings, and has everybody follow.

    Signals:
        look_changed: theme or language is another.

    Attributes:
        dialog: the settings dialog; None where it is closed.
    """

    look_changed = TypedSignal[()]()

    def __init__(
        self,
        settings: SettingsKeeper,
        holder: SessionHolder,
        services: Services,
        wishes: Wishes,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._settings, self._holder, self._services, self._wishes = settings, holder, services, wishes
        self._notifier = notifier
        self.dialog: SettingsDialog | None = None
        holder.changed.connect(self._on_session)
        services.upkeep.use(settings.now.retention)
        services.expiry.use(settings.now.studies_kept)
        services.expiry.gone.connect(self._forget_gone)
        services.use_readers(settings.now.readers)
        services.learning.prefer(settings.now.learned)

    def use(self, name: str, value: object) -> None:
        """Change one setting.

        Args:
            name: as in Settings, with a dot within a group.
            value: one that the model allows; another is left out.
        """
        if name in self._settings.fixed:
            self._notifier.post(REFUSED)
            self._follow_dialog()
            return
        if name == STUDIES_KEPT and (days := int(str(value))) > 0 and days != self._settings.now.studies_kept:
            self._services.expiry.count(days, partial(self._keep_studies, days))
            return
        try:
            self._use(self._settings.now.with_value(name, value), name)
        except ValidationError:
            self._follow_dialog()  # it shows what it was

    def hang(self, display: DisplaySettings) -> None:
        """Show the layout of the rule by which a study was hung."""
        self._use(self._settings.now.with_value("display", display))

    def hang_as_shipped(self) -> None:
        """Studies like the open one are hung as they are without the user's changes."""
        rule = self._holder.state.hung
        if rule is not None:
            name = f"hanging.{rule.value}"
            self.use(name, self._settings.base.value(name))

    def use_learned(self, population: Population, name: str) -> None:
        """Weights that were learned here read new studies of a population; '' for those that ship."""
        self.use(f"{population}_weights", name)
        self.use("weights", AUTO)

    def forget_learned(self, name: str) -> None:
        """These weights are about to go."""
        for setting, default in {"adult_weights": "", "paediatric_weights": "", "weights": AUTO}.items():
            if self._settings.now.value(setting) == name:
                self.use(setting, default)

    def use_keys(self, keys: Keys) -> None:
        """The user's own keys by action."""
        self._settings.change(keys=keys)
        self._holder.update(keys=all_keys(read_keys(self._settings.now.keys)[0]))

    def watch(self, folder: Path | None) -> None:
        """Import what appears in this folder, now and in later runs; None for no folder."""
        self.use("watched", folder.absolute() if folder else None)

    def remember_opened(self, paths: Sequence[Path]) -> None:
        """What was opened goes to the top of the list."""
        self._use_recent((*paths, *self._settings.now.recent))

    def forget_opened(self, path: Path) -> None:
        """Take one off the list of what was opened."""
        self._use_recent(other for other in self._settings.now.recent if other != path)

    def forget_all_opened(self) -> None:
        """Empty that list."""
        self.use("recent", ())

    def remember_export(self, order: ExportOrder) -> None:
        """Offer the same folder and kinds the next time."""
        self._settings.change(export_folder=order.folder, export_kinds=tuple(kind.value for kind in order.kinds))

    def remember_drift(self, question: DriftQuestion) -> None:
        """Begin the next drift watch with the same share of abnormal studies."""
        self._settings.change(drift_abnormal=question.abnormal)

    def show_dialog(self, window: QWidget) -> SettingsDialog:
        """Open the settings dialog over a window."""
        state = self._holder.state
        more = {"weights": tuple((name, name) for name in state.weights_available)}
        for who in Population:
            more[f"{who}_weights"] = tuple((one.name, one.name) for one in state.learning.learned_for(who))
        days = str(self._settings.now.studies_kept)
        if days not in dict(STUDIES_KEPT_WORDS):
            more[STUDIES_KEPT] = ((days, tr("{days} days").format(days=days)),)
        network = NetworkGroup(self._wishes)
        network.render_session(None, state)
        self.dialog = dialog = SettingsDialog(
            self._settings.now, more, window, network, base=self._settings.base, fixed=self._settings.fixed
        )
        dialog.wanted.connect(self.use)
        dialog.reset_wanted.connect(self._reset)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()
        return dialog

    def _use(self, new: Settings, asked: str = "") -> None:
        """Change the settings, but for what is fixed; of which only the user is told, who has asked for it."""
        old, rule = self._settings.now, self._holder.state.hung
        if rule is not None:  # what is on the screen and the rule of the open study are one
            hanging = hanging_of(new.hanging, rule)
            if asked.startswith("display"):
                new = new.with_value(f"hanging.{rule.value}", remembered(hanging, new.display))
            else:
                new = new.with_value("display", hung(new.display, hanging))
        allowed = self._settings.allowed(new)
        if allowed is not new:
            if asked:
                self._notifier.post(REFUSED)
            if rule is not None:
                allowed = allowed.with_value("display", hung(allowed.display, hanging_of(allowed.hanging, rule)))
            new = allowed
        self._settings.replace(new)
        self._holder.update(
            display=new.display,
            hanging=new.hanging,
            listing=new.worklist,
            mouse=new.mouse,
            mask_names=new.mask_names,
            recent=new.recent,
        )
        if new.device != old.device or asked == "device":  # another may be in force for this run
            self._services.use_device(new.device)
        if new.charset != old.charset or asked == "charset":  # likewise
            self._services.use_charset(new.charset)
        if new.watched != old.watched:
            self._services.watch_folder(new.watched)
        if rules_in_use(new.hanging) != rules_in_use(old.hanging):
            self._services.hanging.hang()
        self._services.upkeep.use(new.retention)
        self._services.expiry.use(new.studies_kept)
        if new.readers != old.readers:
            self._services.use_readers(new.readers)
        if new.learned != old.learned:
            self._services.use_learned(new.learned)
        if new.weights != old.weights:
            self._services.use_weights(new.weights)
        if (new.theme, new.language) != (old.theme, old.language):
            self.look_changed.emit()
        self._follow_dialog()

    def _keep_studies(self, days: int, going: int) -> None:
        """Keep studies for so many days; how many go now is said first."""
        parent = self.dialog or QApplication.activeWindow()
        if not going or parent is None:
            self._use(self._settings.now.with_value(STUDIES_KEPT, days), STUDIES_KEPT)
            return
        question = going_question(days, going, parent)
        question.accepted.connect(lambda: self._use_days(days))
        question.rejected.connect(self._follow_dialog)
        question.open()

    def _use_days(self, days: int) -> None:
        self._services.expiry.use(days, sure=True)
        self._use(self._settings.now.with_value(STUDIES_KEPT, days), STUDIES_KEPT)

    def _forget_gone(self, files: tuple[Path, ...]) -> None:
        """Where nothing but studies lay that have gone is no recent folder any more: its name may tell of a patient."""
        for place in self._settings.now.recent:
            if any(place in (file, *file.parents) for file in files) and not self._services.has_images_in(place):
                self.forget_opened(place)

    def _use_recent(self, paths: Iterable[Path]) -> None:
        self._settings.change(recent=tuple(dict.fromkeys(paths))[:MAX_RECENT])
        self._holder.update(recent=self._settings.now.recent)
        self._follow_dialog()

    def _reset(self) -> None:
        new = self._settings.now
        for setting in all_settings():
            new = new.with_value(setting.name, self._settings.base.value(setting.name))
        self._use(new)

    def _follow_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.show_settings(self._settings.now)

    def _on_session(self, old: Session, new: Session) -> None:
        if self.dialog is not None and self.dialog.network is not None:
            self.dialog.network.render_session(old, new)

    def _forget_dialog(self) -> None:
        self.dialog = None
