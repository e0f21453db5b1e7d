"""The original of another study of the patient, beside the current one: its own window, the same place and zoom."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.domain.session import Session
from app.i18n.language import tr
from app.ui.panes.original_pane import OriginalPane
from app.ui.panes.view_link import ViewLink
from app.ui.wishes import Wishes
from app.ui.words.prior_words import apart_words, beside_title
from app.ui.words.words import SAME_PATIENT


class PriorPane(OriginalPane):
    """An original pane of a session in which the other study is the shown one."""

    def __init__(self, link: ViewLink, wishes: Wishes, parent: QWidget | None = None) -> None:
        self._title, self._apart = tr("Prior"), ""
        super().__init__(link, parent)
        self.setAccessibleName(tr("Pane of the prior"))
        self.view.setAccessibleName(tr("Image of the prior"))
        self.view.hovered.connect(self._on_hover)
        self.image_stepped.connect(wishes.beside_image_stepped)

    def render_session(self, old: Session | None, new: Session) -> None:
        """See ImagePane."""
        if not new.differs(old, "beside", "study", "mask_names", "mask_key", "invert", "display"):
            return
        beside = new.beside
        self._title = beside_title(beside, new.study, new.mask_names) if beside else tr("Prior")
        self._apart = apart_words(beside.study, new.study) if beside else ""
        super().render_session(None if old is None else _as_shown(old), _as_shown(new))
        self._say_state()
        self._say_title()
        warning = tr(SAME_PATIENT) if beside and beside.name_differs else ""
        marks = (self._apart, tr("another name") if warning else "")
        self.set_badge("  ·  ".join(mark for mark in marks if mark), warning)

    def state_words(self, session: Session) -> tuple[str, ...]:
        """The date over the image too: the bar above may be far from where the eye is."""
        return (self._title, *super().state_words(session))

    def _say_title(self) -> None:
        self.title.setText(self._title)

    def _on_hover(self, position: tuple[float, float] | None) -> None:
        """A cursor of its own: one place of two studies is not one place of the body."""
        cursor = position if position is not None and self.link.holds(position) else None
        self.view.set_cursor(cursor)
        self.readout.set_whole(self.value_text(replace(self._session, cursor=cursor)))


def _as_shown(session: Session) -> Session:
    """The session as if the study beside were the current one; nothing of the detector's is in it."""
    beside = session.beside
    if beside is None:
        return Session(display=session.display)
    return Session(
        study=beside.study,
        image_key=beside.image_key,
        radiograph=beside.radiograph,
        window=beside.window,
        invert=session.invert,
        display=session.display,
        mask_names=session.mask_names,
        mask_key=session.mask_key,
        loading=beside.loading,
        error=beside.error,
    )
