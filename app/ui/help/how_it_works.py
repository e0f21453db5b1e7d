"""The page "How SQUID works": six pictures of the open study, or of a schematic, each with its words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from app.domain.session import Session
from app.i18n.language import join, tr
from app.ui.dialogs.lists import PlainDialog
from app.ui.help.how_parts import HowParts, how_parts
from app.ui.help.how_pictures import SIDE, pictures
from app.ui.look.widgets import in_column, plain_label
from app.ui.words.words import RESEARCH_USE

WIDTH, HEIGHT = 720, 740
COLUMNS = 3
WORDS_WIDTH, PAGE_WIDTH = 206, 654
READS = ("detection", "patch", "entries")  # fields of a session that are shown here


class HowItWorks(PlainDialog):
    """A window beside the reading room; its pictures follow what is shown there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("How SQUID works"), parent, width=WIDTH)
        self._session = Session()
        self.intro = plain_label("", wrap=True)
        self._pictures: list[QLabel] = []
        self._words: list[QLabel] = []
        page = QWidget()
        limits, research = plain_label(_limits(), wrap=True), plain_label(tr(RESEARCH_USE), "patientName")
        _fix(limits, PAGE_WIDTH)
        in_column(self.intro, self._cards(), limits, research, 1, of=page, margins=(8, 6, 10, 6), spacing=12)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        area.setAccessibleName(tr("How SQUID works"))
        self.column.addWidget(area, 1)
        self.finish()
        self.setFixedWidth(WIDTH)
        self.resize(WIDTH, HEIGHT)

    def _cards(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(14)
        for number, title in enumerate(_titles()):
            picture, words = QLabel(), plain_label("", "muted", wrap=True)
            picture.setFixedSize(SIDE, SIDE)
            card = in_column(plain_label(f"{number + 1}  {title}", "paneTitle"), picture, words, 1, spacing=5)
            grid.addLayout(card, *divmod(number, COLUMNS))
            grid.setColumnStretch(number % COLUMNS, 1)
            self._pictures.append(picture)
            self._words.append(words)
        return grid

    def render_session(self, old: Session | None, new: Session) -> None:
        """Draw the shown study."""
        if not new.differs(old, *READS):
            return
        self._session = new
        if self.isVisible():
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw now: the layout takes no notice of what is said in labels that are still hidden."""
        super().showEvent(event)
        self._draw()

    def _draw(self) -> None:
        parts = how_parts(self._session)
        self.intro.setText(_intro(parts))
        _fix(self.intro, PAGE_WIDTH)
        shown = zip(pictures(parts, self.devicePixelRatioF()), _texts(parts), strict=True)
        for at, (picture, words) in enumerate(shown):
            self._pictures[at].setPixmap(picture)
            self._pictures[at].setAccessibleName(words)
            self._words[at].setText(words)
            _fix(self._words[at], WORDS_WIDTH)


def _fix(label: QLabel, width: int) -> None:
    """As high as its words need at this width: a scroll area does not ask its page for that."""
    label.ensurePolished()
    label.setFixedSize(width, label.heightForWidth(width))


def _intro(parts: HowParts) -> str:
    source = (
        tr("The pictures are a schematic; with a scored study open they are drawn from it.")
        if parts.drawn
        else tr("The pictures are drawn from the open study.")
    )
    words = tr(
        "SQUID has been shown normal chest radiographs only, without any label. It has learned to paint a chest from "
        "pieces of normal anatomy; what it cannot paint that way is unlike the normal it knows."
    )
    return join((words, source))


def _titles() -> tuple[str, ...]:
    return (
        tr("What goes in"),
        tr("Cut into patches"),
        tr("Compared with memory"),
        tr("Painted as normal"),
        tr("What is left over"),
        tr("One score"),
    )


def _texts(parts: HowParts) -> tuple[str, ...]:
    size = parts.picture.shape[0]
    row, column = divmod(parts.patch, parts.grid)
    patches = tr(
        "{count} patches, each with a memory of its own place. The framed one is in row {row}, column {column}."
    )
    memory = tr(
        "The {count} entries most like the framed patch take its place, each with its weight. Entries are numbers; "
        "their pictures are painted from them."
    )
    if not len(parts.entries):
        memory = tr(
            "The {count} entries most like the framed patch take its place, each with its weight. Choose the patch in "
            "the memory pane to see them here."
        )
    score = (
        tr("A hundred normal images that were held out; the filled ones score lower than the image does.")
        if parts.drawn
        else tr("Of a hundred normal images that were held out {count} score lower; they are the filled dots.")
    )
    return (
        tr("The image, cropped and reduced to {size} × {size} pixels. Window and zoom change nothing here.").format(
            size=size
        ),
        patches.format(count=parts.grid**2, row=row + 1, column=column + 1),
        memory.format(count=parts.kept),
        tr("The whole is painted anew from what memory gave: the normal image that this one could have been."),
        tr("Orange is brighter than normal, blue darker. It shows where to look; the score does not read this map."),
        score.format(count=int(parts.percentile)),
    )


def _limits() -> str:
    return tr(
        "The score comes from how far the patches lie from their memory, from the texture of the lung fields and from "
        "what a critic makes of the painted image; the header says which weights it is made with. A low score does "
        "not mean that an image is normal, and a high one names no disease."
    )
