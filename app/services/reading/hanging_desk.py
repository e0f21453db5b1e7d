"""Hangs a study when it is opened, by the first rule that fits it, and never again while it is open."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.domain.hanging.rules import Rule, hanging_of, hung, lateral_of, prior_of, rule_for
from app.domain.session import Session
from app.domain.settings import DisplaySettings
from app.services.reading.prior_desk import PriorDesk
from app.services.state.session_holder import SessionHolder
from app.services.threads.signals import TypedSignal


class HangingDesk(QObject):
    """Follows the session; `PriorDesk` is built before it, and knows the other studies of the patient by then.

    Signals:
        display_wanted: the display settings with the layout of the rule.
    """

    display_wanted = TypedSignal[DisplaySettings]()

    def __init__(self, holder: SessionHolder, priors: PriorDesk) -> None:
        super().__init__()
        self._holder, self._priors = holder, priors
        holder.changed.connect(self._on_session)

    def hang(self) -> None:
        """Hang the open study by the rules as they are."""
        state = self._holder.state
        study = state.study
        if study is None:
            return
        rule = rule_for(state.hanging, study, state.others, portrait=state.portrait)
        self._holder.update(hung=rule)
        self.display_wanted.emit(hung(state.display, hanging_of(state.hanging, rule)))
        prior, lateral = prior_of(study, state.others), lateral_of(study, state.image_key)
        if rule is Rule.PRIOR and prior is not None:
            self._priors.show(prior.uid)
        elif rule is Rule.LATERAL and lateral is not None:
            self._priors.show_view(lateral.key)
        else:
            self._priors.show("")

    def _on_session(self, old: Session, new: Session) -> None:
        if new.study is not None and old.study_uid != new.study_uid:
            self.hang()
