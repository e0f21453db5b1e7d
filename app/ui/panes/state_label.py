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


class Strip(QLabel):
    """A strip over the whole width of a pane's upper edge, for what must not be missed."""

    def __init__(self, view: QWidget) -> None:
        super().__init__("", view)
        self.setObjectName("viewStrip")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def foot(self) -> int:
        """Where it ends, in screen pixels from above; 0 where it is not there."""
        return 0 if self.isHidden() else self.height()

    def say(self, text: str) -> None:
        """Say this; '' to be gone."""
        self.setText(text)
        self.setVisible(bool(text))

    def place(self, width: int) -> int:
        """Lie over a view of this width; where it ends."""
        self.setGeometry(0, 0, width, self.sizeHint().height())
        return self.foot
