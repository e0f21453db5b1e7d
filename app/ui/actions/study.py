"""Actions on the shown study: which image, the question, memory shuffled, taken off the worklist."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.domain.session import Session
from app.services.state.session_holder import SessionHolder
from app.ui.keys.specs import on_triggered
from app.ui.wishes import Wishes
from app.ui.worklist.view import WorklistView

OF_A_STUDY = ("remove", "export")
OF_A_SCORE = ("score", "shuffle")
OF_SEVERAL = ("next_image", "previous_image")
OF_A_PATIENT = ("next_prior", "previous_prior")
OF_A_QUESTION = ("analyse_anyway", "analyse_alike")
OF_A_STATE = ("next_state", "previous_state")
# Fields of the session that decide what makes sense.
READS = ("study", "image_key", "detection", "others", "offer", "radiograph", "trial")


class StudyActions(QObject):
    """Wishes for what the actions say, and greys out what makes no sense now."""

    def __init__(
        self,
        actions: dict[str, QAction],
        holder: SessionHolder,
        worklist: WorklistView,
        wishes: Wishes,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._actions, self._holder, self._wishes, self._window = actions, holder, wishes, window
        does: dict[str, Callable[[], object]] = {
            "next_study": lambda: worklist.list.step(1),
            "previous_study": lambda: worklist.list.step(-1),
            "next_image": lambda: self.step_image(1),
            "previous_image": lambda: self.step_image(-1),
            "next_prior": lambda: wishes.beside_stepped.emit(1),
            "previous_prior": lambda: wishes.beside_stepped.emit(-1),
            "next_state": lambda: wishes.state_stepped.emit(1),
            "previous_state": lambda: wishes.state_stepped.emit(-1),
            "locked_settings": wishes.what_if_reset.emit,
            "shuffle": self._shuffle,
            "analyse_anyway": lambda: wishes.analyse_anyway.emit(holder.state.image_key),
            "analyse_alike": lambda: wishes.analyse_alike.emit(holder.state.image_key),
            "remove": lambda: worklist.take_off((holder.state.study_uid,)),
        }
        on_triggered(actions, does)
        holder.changed.connect(self._on_session)
        self._render(holder.state)

    def step_image(self, step: int) -> None:
        """Go to the next (1) or previous (-1) image of the study, where there is one."""
        session = self._holder.state
        keys = [image.key for image in session.study.images] if session.study else []
        if session.image_key not in keys:
            return
        at = keys.index(session.image_key) + step
        if 0 <= at < len(keys):
            self._wishes.image_selected.emit(keys[at])

    def _shuffle(self) -> None:
        self._wishes.shuffle_toggled.emit(not self._holder.state.memory_shuffled)
        self._show_checks(self._holder.state)

    def _on_session(self, old: Session, new: Session) -> None:
        if new.differs(old, *READS):
            self._render(new)

    def _render(self, session: Session) -> None:
        study = session.study
        possible = {
            **dict.fromkeys(OF_A_STUDY, study is not None),
            **dict.fromkeys(OF_A_SCORE, session.detection is not None),
            **dict.fromkeys(OF_SEVERAL, study is not None and len(study.images) > 1),
            **dict.fromkeys(OF_A_PATIENT, bool(session.others)),
            **dict.fromkeys(OF_A_QUESTION, session.image is not None and session.image.asks),
            **dict.fromkeys(OF_A_STATE, bool(session.offer.states)),
            "header": session.image is not None,
            "export_panes": session.radiograph is not None,
            "print": session.radiograph is not None and session.detection is not None,
            "print_panes": session.radiograph is not None,
            "locked_settings": session.trial is not None,
        }
        for name, is_possible in possible.items():
            self._actions[name].setEnabled(is_possible)
        self._show_checks(session)

    def _show_checks(self, session: Session) -> None:
        """The check mark that follows the session, whatever Qt has done to it on a key."""
        self._actions["shuffle"].setChecked(session.memory_shuffled)
