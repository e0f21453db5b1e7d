"""Controls of what the administrator has set: they can be looked at, not used, and say why."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.domain.session import Session
from app.i18n.language import QT_TR_NOOP, tr
from app.ui.look.widgets import tool_tip

FIXED = QT_TR_NOOP("Set by your administrator.")


def lock(control: QWidget | QAction) -> None:
    """Let nobody use it, and say why."""
    control.setEnabled(False)
    control.setToolTip(tool_tip(tr(FIXED)))
    if isinstance(control, QWidget):
        control.setAccessibleDescription(tr(FIXED))


def lock_fixed(session: Session, controls: Mapping[str, QWidget | QAction]) -> None:
    """Lock those whose setting is fixed.

    Args:
        session: says which are.
        controls: by the name of the setting that they change.
    """
    for name, control in controls.items():
        if session.is_fixed(name):
            lock(control)
