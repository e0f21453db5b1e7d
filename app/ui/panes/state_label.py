"""What is out of the ordinary in how a pane shows its picture: always said, whatever else is hidden."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.orientation import UPRIGHT, Orientation
from app.domain.settings import DisplaySettings
from app.domain.tone import PLAIN_GAMMA
from app.i18n.language import tr


def orientation_words(orientation: Orientation) -> str:
    """How the picture lies, in words; '' where it lies as in the file."""
    if orientation == UPRIGHT.upended():
        return tr("Mirrored, top to bottom")
    turned = ("", tr("turned 90° right"), tr("turned 180°"), tr("turned 90° left"))[orientation.quarters]
    if orientation.mirrored:
        return tr("Mirrored, {turned}").format(turned=turned) if turned else tr("Mirrored")
    return turned[:1].upper() + turned[1:]


def tone_words(display: DisplaySettings) -> str:
    """Gamma and local contrast in words; '' where the greys are those of the window."""
    words = []
    if display.gamma != PLAIN_GAMMA:
        words.append(tr("Gamma {gamma}").format(gamma=f"{display.gamma:.2f}"))
    if display.clahe:
        words.append(tr("CLAHE {limit}").format(limit=f"{display.clahe_limit:.1f}"))
    return "  ·  ".join(words)


MARGIN = 6  # screen pixels at both sides of a plate as wide as its pane


class StateLabel(QLabel):
    """A plate in the middle of a pane's upper edge."""

    def __init__(self, view: QWidget) -> None:
        super().__init__("", view)
        self.setObjectName("viewState")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, *lines: str) -> bool:
        """Say these lines; empty ones are left out. Returns whether they are others than before."""
        text = "\n".join(line for line in lines if line)
        if text == self.text():
            return False
        self.setText(text)
        self.setVisible(bool(text))
        return True

    def place(self, width: int, top: int) -> None:
        """Lie below `top` in a view of this width."""
        self.setWordWrap(False)
        self.adjustSize()
        if self.width() > width - 2 * MARGIN > 0:
            self.setWordWrap(True)
            self.resize(width - 2 * MARGIN, self.heightForWidth(width - 2 * MARGIN))
        self.move((width - self.width()) // 2, top)
