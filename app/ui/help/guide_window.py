"""*Help > Guide*: the documents in a window, with their contents, a search, and the way back. It needs no network.

It stays open beside the window and remembers nothing. A link that leads out of the documents is shown and can be
copied; nothing is ever fetched or opened by it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from app.i18n.language import language, tr
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from app.services.threads.latest import LatestWins
from app.ui.help.guide_pages import FIRST, MAX_HEADING, Guide, GuidePlace, Page, read_guide, read_pictures
from app.ui.help.guide_text import GuideText
from app.ui.look.theme import icon
from app.ui.look.widgets import NO_MARGINS, action_button, in_column, in_row, name_control, plain_label

SIZE = (1180, 740)
CONTENTS_WIDTH, FIND_WIDTH = 290, 260
PLACE = Qt.ItemDataRole.UserRole  # of an entry of the contents: where it leads
Step = tuple[Page, int]  # a page and how far it was scrolled


class GuideWindow(QDialog):
    """Reads the documents when it opens and a page's pictures when it shows it, neither on the window's thread.

    Args:
        place: what is shown first.
        parent: its parent window.
    """

    def __init__(self, place: GuidePlace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Guide"))
        self.resize(*SIZE)
        self._guide: Guide | None = None
        self._page: Page | None = None
        self._wanted = place  # as soon as the documents are there
        self._past: list[Step] = []
        self._coming: list[Step] = []
        self.back = _arrow("previous", tr("Back (Alt+Left)"), self.go_back)
        self.forward = _arrow("next", tr("Forward (Alt+Right)"), self.go_forward)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find in the guide"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(FIND_WIDTH)
        name_control(self.search, tr("Find in the guide"), tr("Enter goes to the next place, Shift+Enter back."))
        self.found = plain_label("", "muted")
        self.contents = QTreeWidget()
        self.contents.setHeaderHidden(True)
        self.contents.setAccessibleName(tr("Contents"))
        self.text = GuideText()
        self.outside = QWidget()
        self.outside_words = plain_label("", wrap=True)
        self._address = ""
        self._lay_out()
        self._connect()
        courier = Courier(self)
        self._pictures = LatestWins[Page, dict[str, QImage]](
            courier,
            lambda page: ask_disk(partial(_pictures_of, self._guide, page)),
            lambda _, pictures: self.text.show_pictures(pictures),
            lambda *_: None,  # the room that was kept for them stays empty
        )
        courier.when_done(ask_disk(partial(read_guide, language())), self._on_guide)

    @property
    def place(self) -> GuidePlace:
        """The page that is shown, or will be once it is read."""
        return GuidePlace(self._page.name) if self._page is not None else self._wanted

    def go(self, place: GuidePlace) -> None:
        """Show a place and keep the way back; one that the guide does not have is passed over."""
        self._wanted = place
        page = self._guide.page(place.page) if self._guide is not None else None
        if page is None:
            return
        if self._page is not None:
            self._past.append((self._page, self.text.verticalScrollBar().value()))
            self._coming.clear()
        self._show(page)
        self.text.go_to(page.place(place.anchor))
        self._choose(page, page.place(place.anchor))

    def go_back(self) -> None:
        """Where the reader was before."""
        self._walk(self._past, self._coming)

    def go_forward(self) -> None:
        """Where the reader went back from."""
        self._walk(self._coming, self._past)

    def find_next(self, *, backwards: bool = False) -> None:
        """Go to the next place where the searched words stand, on this page or on another."""
        text = self.search.text().strip()
        if self._guide is None or self._page is None or not text or self.text.find_next(text, backwards=backwards):
            return
        pages, step = self._guide.pages, -1 if backwards else 1
        here = pages.index(self._page)
        for distance in range(1, len(pages) + 1):  # at last this page again, from its other end
            page = pages[(here + step * distance) % len(pages)]
            if text.casefold() in page.text.casefold():
                if page is not self._page:
                    self.go(GuidePlace(page.name))
                if self.text.find_next(text, backwards=backwards, from_edge=True):
                    return

    # -- built once

    def _lay_out(self) -> None:
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        close.rejected.connect(self.reject)
        name_control(self.outside_words, tr("Where the link leads"))
        self.outside_words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        copy = action_button(tr("Copy"), tr("Copy the address"), self._copy)
        in_row((self.outside_words, 1), copy, of=self.outside, margins=NO_MARGINS, spacing=10)
        self.outside.hide()
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setChildrenCollapsible(False)
        for part in (self.contents, self.text):
            both.addWidget(part)
        both.setStretchFactor(1, 1)
        both.setSizes([CONTENTS_WIDTH, SIZE[0] - CONTENTS_WIDTH])
        above = in_row(self.back, self.forward, self.search, (self.found, 1), spacing=8)
        below = in_row((self.outside, 1), close, spacing=10)
        in_column(above, (both, 1), below, of=self, margins=(12, 10, 12, 10), spacing=8)
        self.text.setFocus()

    def _connect(self) -> None:
        self.contents.itemClicked.connect(self._on_entry)
        self.contents.itemActivated.connect(self._on_entry)
        self.text.anchorClicked.connect(self._on_link)
        self.search.textChanged.connect(self._light_up)
        before = partial(self.find_next, backwards=True)
        for keys, does in (
            (QKeySequence("Ctrl+F"), self._begin_search),
            (QKeySequence("F3"), self.find_next),
            (QKeySequence("Shift+F3"), before),
            (QKeySequence("Alt+Left"), self.go_back),
            (QKeySequence("Alt+Right"), self.go_forward),
        ):
            QShortcut(keys, self).activated.connect(does)
        self.search.returnPressed.connect(self.find_next)
        QShortcut(
            QKeySequence("Shift+Return"), self.search, context=Qt.ShortcutContext.WidgetShortcut
        ).activated.connect(before)
        self._follow_way()

    # -- what comes

    def _on_guide(self, done: Future[Guide]) -> None:
        if done.exception() is not None:
            self.found.setText(tr("The documents of the program cannot be read."))
            return
        self._guide = guide = done.result()
        for page in guide.pages:
            parents = {1: QTreeWidgetItem([page.title])}
            self.contents.addTopLevelItem(parents[1])
            for number, heading in enumerate(page.headings):
                if number and heading.level <= MAX_HEADING:
                    above = parents.get(heading.level - 1, parents[1])
                    parents[heading.level] = QTreeWidgetItem(above, [heading.text])
                if number == 0 or heading.level <= MAX_HEADING:
                    parents[heading.level].setData(0, PLACE, GuidePlace(page.name, heading.anchor))
                    parents[heading.level].setToolTip(0, heading.text)
        self.go(self._wanted if guide.page(self._wanted.page) is not None else GuidePlace(FIRST))

    def _on_entry(self, entry: QTreeWidgetItem) -> None:
        place = entry.data(0, PLACE)
        if place != self._wanted:  # a double click tells of it twice
            self.go(place)

    def _on_link(self, url: QUrl) -> None:
        link = url.toString()
        place = GuidePlace.of(link, self.place.page, language())
        if place is not None and self._guide is not None and self._guide.page(place.page) is not None:
            self.go(place)
            return
        self._address = link
        words = tr("This leads out of the guide, and the program follows it nowhere: {address}")
        self.outside_words.setText(words.format(address=link))
        self.outside.show()

    def _light_up(self) -> None:
        text = self.search.text().strip()
        count = self.text.mark(text)
        elsewhere = self._guide is not None and any(
            text.casefold() in page.text.casefold() for page in self._guide.pages
        )
        if not text:
            self.found.setText("")
        elif count:
            self.found.setText(tr("{count} on this page").format(count=count))
        else:
            self.found.setText(tr("On other pages: press Enter") if elsewhere else tr("Not in the guide"))

    # -- small steps

    def _show(self, page: Page) -> None:
        self.outside.hide()
        if page is not self._page and self._guide is not None:
            self._page = page
            self.text.show_page(page, self._guide.pictures)
            self._pictures.ask(page)
            self._light_up()
        self._follow_way()

    def _walk(self, away: list[Step], back: list[Step]) -> None:
        if away and self._page is not None:
            back.append((self._page, self.text.verticalScrollBar().value()))
            page, scrolled = away.pop()
            self._show(page)
            self.text.verticalScrollBar().setValue(scrolled)
            self._wanted = GuidePlace(page.name)
            self._choose(page, 0)

    def _choose(self, page: Page, heading: int) -> None:
        """Show among the contents where the reader is; of a fine heading the coarser one that it belongs to."""
        while heading and page.headings[heading].level > MAX_HEADING:
            heading -= 1
        wanted = GuidePlace(page.name, page.headings[heading].anchor if page.headings else "")
        entries = self.contents.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
        entry = next((entry for entry in entries if entry.data(0, PLACE) == wanted), None)
        if entry is not None:
            top = entry
            while (parent := top.parent()) is not None:
                top = parent
            self.contents.collapseAll()
            top.setExpanded(True)
            self.contents.setCurrentItem(entry)

    def _follow_way(self) -> None:
        self.back.setEnabled(bool(self._past))
        self.forward.setEnabled(bool(self._coming))

    def _begin_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address)


def _pictures_of(guide: Guide | None, page: Page) -> dict[str, QImage]:
    return read_pictures(guide, page) if guide is not None else {}


def _arrow(picture: str, words: str, does: Callable[[], None]) -> QPushButton:
    button = action_button("", words, does)
    button.setIcon(icon(picture))
    button.setAccessibleName(words)
    return button
