"""One page of the guide as a reader sees it: Markdown by Qt, in the program's colours, as wide as there is room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QPoint, QSize, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QImage,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextOption,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from app.i18n.language import tr
from app.ui.help.guide_pages import Page
from app.ui.look.theme import font, tokens

POINTS = 10.5
HEADING_POINTS = {1: 19.0, 2: 15.0, 3: 12.5}  # by level; what is below is as large as the text, and bold
MARGIN, CELL_PADDING = 22, 6  # pixels
LINE_PERCENT = 122.0  # of the height of a line
ABOVE = {1: 0, 2: 20, 3: 14}  # pixels over a heading
TABLE_PERCENT = 99.5  # of the width of the page: a table's own lines come on top
MANY_COLUMNS, SMALL_POINTS = 7, 9.0  # a table of so many is written smaller
RESIZE_MS = 60  # after the last change of the width, the page follows
MARKDOWN = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


class GuideText(QTextBrowser):
    """Shows a page; a link is told by `anchorClicked` and never followed by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Guide"))
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self._headings: list[int] = []  # where each stands in the document
        self._sizes: dict[str, QSize] = {}  # of the pictures of the page
        self._width = 0  # that the page fits
        self._top: int | None = None  # position of the text at the top, while the width changes
        self._fitting = QTimer(self, singleShot=True, interval=RESIZE_MS)
        self._fitting.timeout.connect(self._fit)

    def show_page(self, page: Page, sizes: Mapping[str, QSize]) -> None:
        """Show a page from its beginning.

        Args:
            page: whatever it asks to be shown.
            sizes: of pictures, by the name that pages use; room is kept for them until `show_pictures`.
        """
        document = self.document()
        self._top = None
        document.clear()
        document.setDefaultFont(font(POINTS))
        document.setDocumentMargin(MARGIN)
        self._sizes = {name: sizes[name] for name in page.pictures if name in sizes}
        document.setMarkdown(page.text, MARKDOWN)
        empty = QImage(1, 1, QImage.Format.Format_RGB32)
        empty.fill(QColor(tokens().raised))
        self.show_pictures(dict.fromkeys(page.pictures, empty))  # the line above forgets what it was given before
        self._headings = []
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        for table in _tables(document.rootFrame()):
            _dress_table(table)
        for block in _blocks(document):
            self._dress(block)
        cursor.endEditBlock()
        self._width = 0
        self._fit()
        self.mark("")
        self.verticalScrollBar().setValue(0)

    def show_pictures(self, pictures: Mapping[str, QImage]) -> None:
        """Fill the room that was kept for them."""
        for name, picture in pictures.items():
            self.document().addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), picture)
        self.viewport().update()

    def go_to(self, heading: int) -> None:
        """Bring a heading to the top; the first is the beginning of the page."""
        position = self._headings[heading] if 0 < heading < len(self._headings) else 0
        cursor = self.textCursor()
        cursor.setPosition(position)
        self.setTextCursor(cursor)
        self._top = None
        self._scroll_to(position)

    def find_next(self, text: str, *, backwards: bool = False, from_edge: bool = False) -> bool:
        """Select the next occurrence; whether there is one before the end of the page.

        Args:
            text: capitals do not matter.
            backwards: the one before.
            from_edge: begin at the beginning, or at the end where it goes backwards.
        """
        if from_edge:
            place = QTextCursor.MoveOperation.End if backwards else QTextCursor.MoveOperation.Start
            self.moveCursor(place)
        return self.find(text, QTextDocument.FindFlag.FindBackward if backwards else QTextDocument.FindFlag(0))

    def mark(self, text: str) -> int:
        """Light up every occurrence of a text, none for ''; how many there are."""
        found: list[QTextEdit.ExtraSelection] = []
        cursor = QTextCursor(self.document())
        while text and not (cursor := self.document().find(text, cursor)).isNull():
            lit = QTextEdit.ExtraSelection()
            lit.cursor = cursor
            lit.format = QTextCharFormat()
            lit.format.setBackground(QColor(tokens().warning_edge))
            found.append(lit)
        self.setExtraSelections(found)
        return len(found)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The page follows the width once it is at rest; what is read stays at the top."""
        if self._top is None:
            self._top = self.cursorForPosition(QPoint(MARGIN, 0)).position()
        super().resizeEvent(event)
        self._fitting.start()

    def _dress(self, block: QTextBlock) -> None:
        """Sizes, distances and colours of a block; a heading's place is noted."""
        cursor = QTextCursor(block)
        form = block.blockFormat()
        level = form.headingLevel()
        table = cursor.currentTable()
        if table is not None:
            form.setTopMargin(0)
            form.setBottomMargin(0)
        form.setNonBreakableLines(False)  # lines of commands are broken rather than scrolled
        form.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if level:
            self._headings.append(block.position())
            form.setTopMargin(ABOVE.get(level, ABOVE[3]))
        cursor.setBlockFormat(form)
        small = table is not None and table.columns() >= MANY_COLUMNS
        for start, length, old in _fragments(block):
            new = QTextCharFormat(old)
            if level:
                new.clearProperty(QTextFormat.Property.FontSizeAdjustment)
                new.setFontPointSize(HEADING_POINTS.get(level, POINTS))
                new.setFontWeight(QFont.Weight.DemiBold)
            elif small:
                new.setFontPointSize(SMALL_POINTS)
            if old.isAnchor():
                new.setForeground(QColor(tokens().accent))
                new.setFontUnderline(True)
            if old.fontFixedPitch():
                new.setFontPointSize(new.fontPointSize() or POINTS - 1)
                new.setFontFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
                new.setBackground(QColor(tokens().raised))
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(new)

    def _fit(self) -> None:
        """Everything as wide as there is room; a word is broken only on a page that is too wide otherwise."""
        top, self._top = self._top, None
        if self._width == self.viewport().width():
            return
        self._width = self.viewport().width()
        self._fit_pictures()
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self.document().idealWidth()  # lays out all of it; else its size is that of a part
        if self.document().size().width() > self._width:
            self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if top is not None:
            self._scroll_to(top)

    def _scroll_to(self, position: int) -> None:
        """Bring the line of this position of the text to the top."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(position, self.document().characterCount() - 1))
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect(cursor).top() if position else 0)

    def _fit_pictures(self) -> None:
        """No picture wider than there is room for it, in its column where it stands in a table."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for block in _blocks(self.document()):
            for start, length, old in _fragments(block):
                if not old.isImageFormat():
                    continue
                picture = old.toImageFormat()
                size = self._sizes.get(picture.name())
                if size is None:
                    continue
                cursor.setPosition(start)
                table = cursor.currentTable()
                columns = table.columns() if table is not None else 1
                room = (self._width - 2 * MARGIN) / columns - (2 * CELL_PADDING + 2 if table is not None else 0)
                picture.setWidth(max(1, int(min(size.width(), room))))
                picture.setHeight(round(size.height() * picture.width() / size.width()))
                cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(QTextImageFormat(picture))
        cursor.endEditBlock()


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _fragments(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    """(position, length, format) of each run of one format; a list, for the caller changes them."""
    found = []
    runs = block.begin()
    while not runs.atEnd():
        fragment = runs.fragment()
        if fragment.isValid():
            found.append((fragment.position(), fragment.length(), fragment.charFormat()))
        runs += 1
    return found


def _tables(frame: QTextFrame) -> Iterator[QTextTable]:
    for child in frame.childFrames():
        if isinstance(child, QTextTable):
            yield child
        yield from _tables(child)


def _dress_table(table: QTextTable) -> None:
    """As wide as the page, a quiet line round each cell, the first row lifted."""
    form = table.format()
    form.setWidth(QTextLength(QTextLength.Type.PercentageLength, TABLE_PERCENT))
    form.setBorder(1)
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorderBrush(QColor(tokens().border))
    form.setBorderCollapse(True)
    form.setCellPadding(CELL_PADDING)
    form.setCellSpacing(0)
    form.setTopMargin(6)
    form.setBottomMargin(12)
    table.setFormat(form)
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        head = cell.format()
        head.setBackground(QColor(tokens().raised))
        head.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        cell.setFormat(head)
        cursor = cell.firstCursorPosition()
        cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
        bold = QTextCharFormat()
        bold.setFontWeight(QFont.Weight.DemiBold)  # Qt forgets it in the first cell after a block of code
        cursor.mergeCharFormat(bold)
