"""The button in the study's header that offers the patient's other studies."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.domain.priors import name_differs
from app.domain.session import Session
from app.i18n.language import tr
from app.ui.look.theme import icon, tokens
from app.ui.look.widgets import name_control
from app.ui.wishes import Wishes
from app.ui.words.prior_words import beside_title, entry_words, offer_words
from app.ui.words.words import SAME_PATIENT

READS = ("study", "others", "beside", "mask_names")  # fields of a session that are shown here


class PriorButton(QToolButton):
    """Hidden while there is nothing to offer."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self.setMenu(QMenu(self))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setProperty("small", True)
        name_control(self, tr("Earlier studies of the patient"))
        self.hide()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Offer what there is."""
        if not new.differs(old, *READS):
            return
        self.setVisible(bool(new.others))
        if not new.others:
            return
        doubt = new.study is not None and any(name_differs(new.study, other) for other in new.others)
        self.setIcon(icon("error", tokens().warning) if doubt else icon("files"))
        prior = new.beside if new.beside and not new.beside.other_view else None
        words = offer_words(new.others, new.study, new.mask_names)
        self.setText(beside_title(prior, new.study, new.mask_names) if prior else words)
        tip = tr("Other studies with this patient ID; one of them can be shown beside this one.")
        name_control(self, words, f"{tip} {tr(SAME_PATIENT)}" if doubt else tip)
        self._fill(new)

    def _fill(self, session: Session) -> None:
        menu = self.menu()
        menu.clear()
        shown = session.beside.study.uid if session.beside and not session.beside.other_view else ""
        for study in session.others:
            action = menu.addAction(entry_words(study, session.study, session.mask_names).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(study.uid == shown)
            action.triggered.connect(lambda _=False, uid=study.uid: self._wishes.beside_wanted.emit(uid))
        menu.addSeparator()
        alone = menu.addAction(tr("This study alone"))
        alone.setEnabled(bool(shown))
        alone.triggered.connect(lambda: self._wishes.beside_wanted.emit(""))
