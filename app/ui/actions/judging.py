"""One key a study: the reader's word on it, then the next that is not read; and back to the one before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from app.domain.session import Session
from app.domain.study import Judgement, Reading
from app.services.state.session_holder import SessionHolder
from app.ui.keys.specs import on_triggered
from app.ui.wishes import Wishes
from app.ui.worklist.view import WorklistView

JUDGEMENTS = {"accept": Judgement.ACCEPTED, "reject": Judgement.REJECTED, "normal": Judgement.NORMAL}
OF_A_STUDY = (*JUDGEMENTS, "accept_stay", "reject_stay", "normal_stay", "no_judgement", "mark_read", "mark_unread")


class JudgingActions(QObject):
    """Wishes for what the reader says of the shown study. Said is said: no key takes back what it has set."""

    def __init__(
        self,
        actions: dict[str, QAction],
        holder: SessionHolder,
        worklist: WorklistView,
        wishes: Wishes,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions, self._holder, self._worklist, self._wishes = actions, holder, worklist, wishes
        does: dict[str, Callable[[], object]] = {
            "no_judgement": partial(self.judge, Judgement.NONE, stay=True),
            "mark_read": self._mark_read,
            "mark_unread": partial(self._mark, Reading.UNREAD),
            "next_unread": lambda: wishes.unread_wanted.emit(self._following()),
            "study_before": wishes.back_wanted.emit,
        }
        for name, judgement in JUDGEMENTS.items():
            does[name] = partial(self.judge, judgement, stay=False)
            does[f"{name}_stay"] = partial(self.judge, judgement, stay=True)
        on_triggered(actions, does)
        holder.changed.connect(self._on_session)
        self._render(holder.state)

    def judge(self, judgement: Judgement, *, stay: bool) -> None:
        """Say it of the shown study, and go on to the next that is not read unless the reader wants to stay."""
        self._wishes.judged.emit(judgement, () if stay else self._following())
        self._render(self._holder.state)  # Qt has turned the check mark round already

    def _following(self) -> tuple[str, ...]:
        return self._worklist.following(self._holder.state.study_uid)

    def _mark(self, reading: Reading) -> None:
        self._wishes.marked.emit((self._holder.state.study_uid,), reading)

    def _mark_read(self) -> None:
        following = self._following()
        self._mark(Reading.READ)
        self._wishes.unread_wanted.emit(following)
        self._render(self._holder.state)

    def _on_session(self, old: Session, new: Session) -> None:
        if new.differs(old, "study"):
            self._render(new)

    def _render(self, session: Session) -> None:
        study = session.study
        for name in OF_A_STUDY:
            self._actions[name].setEnabled(study is not None)
        for name, judgement in JUDGEMENTS.items():
            self._actions[name].setChecked(study is not None and study.judgement is judgement)
        self._actions["mark_read"].setChecked(study is not None and study.reading is Reading.READ)
