"""The images of the open study as small pictures below the list; a click shows one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QListView, QListWidget, QListWidgetItem, QWidget

from app.domain.session import Session
from app.domain.study import ImageItem
from app.domain.thumbnails import Thumbnail
from app.i18n.language import tr
from app.ui.wishes import Wishes

SIDE, CAPTION, SPACE = 56, 18, 4  # logical pixels: of a picture, of the words below it, round it
KEY = Qt.ItemDataRole.UserRole


class ImageStrip(QListWidget):
    """One line of pictures, in the order of the study; empty where the study has one image."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self.setObjectName("imageStrip")
        self.setAccessibleName(tr("Images of the study"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setGridSize(QSize(SIDE + 2 * SPACE, SIDE + CAPTION + SPACE))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(SIDE + CAPTION + 4 * SPACE)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys of images do the same, wherever the focus is
        self.itemClicked.connect(lambda item: wishes.image_selected.emit(item.data(KEY)))

    def render_session(self, old: Session | None, new: Session) -> None:
        """Follow the open study, its pictures and which of them is shown."""
        if new.differs(old, "study", "thumbnails", "image_key"):
            self._fill(new)

    def _fill(self, session: Session) -> None:
        images = session.study.images if session.study is not None else ()
        images = images if len(images) > 1 else ()
        pictures = {one.key: one for one in session.thumbnails}
        if [self.item(at).data(KEY) for at in range(self.count())] != [image.key for image in images]:
            self.clear()
            for number, image in enumerate(images, start=1):
                words = _words(image, number)
                item = QListWidgetItem(words, self)
                item.setData(KEY, image.key)
                item.setToolTip(words)
                item.setSizeHint(self.gridSize())  # before its picture has come too
        for at, image in enumerate(images):
            item = self.item(at)
            if image.key in pictures:
                item.setIcon(_icon(pictures[image.key]))
            if image.key == session.image_key and self.currentRow() != at:
                self.setCurrentRow(at)
                self.scrollToItem(item)


def _words(image: ImageItem, number: int) -> str:
    return image.identity.view_position or tr("Image {number}").format(number=number)


def _icon(picture: Thumbnail) -> QIcon:
    """On a black square, as images lie in the panes."""
    square = QPixmap(2 * SIDE, 2 * SIDE)
    square.fill(Qt.GlobalColor.black)
    if picture.pixels is not None:
        height, width = picture.pixels.shape
        grey = QImage(picture.pixels.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
        painter = QPainter(square)
        painter.drawImage((square.width() - width) // 2, (square.height() - height) // 2, grey)
        painter.end()
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        icon.addPixmap(square, mode)
    return icon
