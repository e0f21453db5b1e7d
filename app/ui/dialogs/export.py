"""What of an image or a study is written where, and whether it says whom it is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.domain.exporting import KIND_WORDS, ExportMemory, ExportOrder
from app.domain.marks.annotations import Marks
from app.domain.marks.measurements import Arrow, Note
from app.domain.orientation import UPRIGHT, Orientation
from app.domain.study import ImageItem, Judgement, Study
from app.i18n.language import QT_TR_NOOP, join, say, tr
from app.services.threads.signals import TypedSignal
from app.ui.look.theme import font
from app.ui.look.widgets import in_column, in_row, name_control, plain_label
from app.ui.words.words import RESEARCH_USE
from squid_core.export.request import ExportKind, is_writable
from squid_core.privacy import BURNED_IN, BURNED_IN_UNKNOWN

WIDTH = 600
NOT_SCORED = QT_TR_NOOP("Not scored: only the picture and the image itself can be written.")
ONLY_REMARKS = QT_TR_NOOP(
    "Not scored: only the picture, the image itself, your marks and your judgement can be written."
)
DEIDENTIFY = QT_TR_NOOP("Leaves out name, numbers, dates and free text, and gives other UIDs (PS3.15 basic profile).")
MASK = QT_TR_NOOP("A pseudonym stands in the patient's place; DICOM files keep the patient.")
MASKED_BY_SWITCH = QT_TR_NOOP("Names are masked (View menu), so whatever leaves the program is de-identified.")
SHOWN = QT_TR_NOOP("the image as on the screen with the letters of its sides")
SHOWN_OF_SEVERAL = QT_TR_NOOP(
    "Pictures and pages show the open image as on the screen and the others as in their files, with the letters of "
    "their sides, your marks and your judgement."
)
LEFT_OUT = QT_TR_NOOP("Notes, the words of arrows, who read it and when are left out.")
NOT_REMOVED = QT_TR_NOOP("De-identifying does not remove that.")
INSIST = QT_TR_NOOP("I have looked: the picture names nobody")


class ExportDialog(QDialog):
    """Asks, and writes nothing itself.

    Args:
        study: what is exported of.
        image: the image that is shown, or the study's first.
        burned_in: whether its picture shows a name; None where the file does not say, or it has not been read.
        warn_unknown: say so where the file does not.
        names_masked: the window's switch.
        memory: of the last export.
        orientation: of the image on the screen. marks: drawn on it and shown.
        others: studies that are exported with it; all images of all of them are then.

    Signals:
        ordered: what is asked for.
    """

    ordered = TypedSignal[ExportOrder]()

    def __init__(
        self,
        study: Study,
        image: ImageItem,
        parent: QWidget | None = None,
        *,
        burned_in: bool | None = None,
        warn_unknown: bool = False,
        names_masked: bool = False,
        memory: ExportMemory = ExportMemory(),  # noqa: B008 - frozen
        orientation: Orientation = UPRIGHT,
        marks: Marks = (),
        others: Sequence[Study] = (),
    ) -> None:
        super().__init__(parent)
        self._study, self._image, self._others = study, image, others
        self._burned_in, self._names_masked = burned_in, names_masked
        self._orientation, self._marks = orientation, marks
        self.setWindowTitle(tr("Export"))
        self.setMinimumWidth(WIDTH)
        several = tr("Export {count} studies").format(count=1 + len(others))
        heading = plain_label(several if others else tr("Export"))
        heading.setFont(font(13.0, bold=True))
        self._column = in_column(heading, of=self, margins=(18, 16, 18, 14), spacing=7)
        self.whole_study = QCheckBox(tr("All {count} images of this study").format(count=len(study.images)))
        name_control(self.whole_study, tr("All images of this study"), tr("Otherwise only the image that is shown."))
        self.whole_study.setChecked(bool(others))
        self.whole_study.setVisible(len(study.images) > 1 and not others)
        self.whole_study.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._column.addWidget(self.whole_study)
        self.boxes = self._add_kinds(memory.kinds)
        self.shows = plain_label("", "muted", wrap=True)
        self._column.addWidget(self.shows)
        self._add_patient(warn_unknown=warn_unknown)
        self.folder = QLineEdit(str(memory.folder) if memory.folder else "")
        self._add_folder()
        self.note = plain_label("", "muted", wrap=True)
        self._column.addWidget(self.note)
        self._add_buttons()
        self.whole_study.toggled.connect(lambda _: self._follow())
        for box in (*self.boxes.values(), self.deidentify, self.mask_names, self.insist):
            box.toggled.connect(lambda _: self._follow())
        self.folder.textChanged.connect(lambda _: self._follow())
        self._follow()

    @property
    def chosen(self) -> tuple[ExportKind, ...]:
        """The kinds that are ticked and can be written."""
        return tuple(kind for kind, box in self.boxes.items() if box.isChecked() and box.isEnabled())

    @property
    def _images(self) -> tuple[ImageItem, ...]:
        if not self.whole_study.isChecked():
            return (self._image,)
        return tuple(image for study in (self._study, *self._others) for image in study.images)

    def order(self) -> ExportOrder:
        """What is asked for now."""
        return ExportOrder(
            keys=tuple(image.key for image in self._images),
            folder=Path(self.folder.text().strip()).expanduser(),
            kinds=self.chosen,
            deidentify=self.deidentify.isChecked(),
            mask_names=self.mask_names.isChecked(),
            insist=self.insist.isChecked() and self.insist.isVisibleTo(self),
            orientation=self._orientation,
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Tall enough for all its lines."""
        super().showEvent(event)
        self._make_room()
        if not event.spontaneous():
            (self.export if self.export.isEnabled() else self.browse).setFocus()

    def _make_room(self) -> None:
        """Qt's own size leaves out what wrapped lines need at this width."""
        needed = self._column.totalHeightForWidth(max(self.width(), WIDTH))
        self.setMinimumHeight(needed)
        self.resize(max(self.width(), WIDTH), needed)

    def accept(self) -> None:
        """Hand the order over and close."""
        self.ordered.emit(self.order())
        super().accept()

    def _section(self, words: str) -> None:
        self._column.addSpacing(6)
        self._column.addWidget(plain_label(words, "sectionTitle"))

    def _add_kinds(self, ticked: tuple[ExportKind, ...]) -> dict[ExportKind, QCheckBox]:
        self._section(tr("What"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        boxes = {}
        for row, (kind, (words, good_for)) in enumerate(KIND_WORDS.items()):
            box = QCheckBox(say(words))
            name_control(box, say(words), say(good_for))
            box.setChecked(kind in ticked)
            box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            grid.addWidget(box, row, 0)
            grid.addWidget(plain_label(say(good_for), "muted"), row, 1)
            boxes[kind] = box
        self._column.addLayout(grid)
        return boxes

    def _add_patient(self, *, warn_unknown: bool) -> None:
        self._section(tr("Patient"))
        self.deidentify = self._check(tr("De-identify everything"), tr(DEIDENTIFY))
        self.mask_names = self._check(tr("Mask names on pictures and pages only"), tr(MASK))
        if self._names_masked:
            self.deidentify.setChecked(True)
            self.deidentify.setEnabled(False)
            self._column.addWidget(plain_label(tr(MASKED_BY_SWITCH), "muted", wrap=True))
        warning = say(BURNED_IN_UNKNOWN) if warn_unknown else ""
        if self._burned_in:
            warning = join((say(BURNED_IN), tr(NOT_REMOVED)))
        self.warning = plain_label(warning, "warning", wrap=True)
        self.warning.setVisible(bool(warning))
        self._column.addWidget(self.warning)
        self.insist = self._check(tr(INSIST), "")

    def _check(self, words: str, explanation: str) -> QCheckBox:
        box = QCheckBox(words)
        name_control(box, words, explanation)
        box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._column.addWidget(box)
        if explanation:
            label = plain_label(explanation, "muted", wrap=True)
            label.setContentsMargins(23, 0, 0, 0)
            self._column.addWidget(label)
        return box

    def _add_folder(self) -> None:
        self._section(tr("Where"))
        name_control(self.folder, tr("Folder"), tr("Every file gets a new number; nothing is ever overwritten."))
        self.folder.setPlaceholderText(tr("Choose a folder"))
        self.browse = QPushButton(tr("Choose…"))
        name_control(self.browse, tr("Choose a folder"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        self._column.addLayout(in_row((self.folder, 1), self.browse))

    def _add_buttons(self) -> None:
        buttons = QDialogButtonBox()
        self.export = buttons.addButton(tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.export.setProperty("primary", True)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._column.addSpacing(4)
        self._column.addLayout(in_row((plain_label(tr(RESEARCH_USE), "research"), 1), buttons))

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Export into this folder"), self.folder.text())
        if folder:
            self.folder.setText(folder)

    def _follow(self) -> None:
        """What can be ticked, what is missing, and whether it can begin."""
        images = self._images
        scored = any(image.score is not None for image in images)
        drawn, judged = bool(self._marks), any(image.judgement is not Judgement.NONE for image in images)
        for kind, box in self.boxes.items():
            box.setEnabled(is_writable(kind, scored=scored, drawn=drawn, judged=judged))
        self.mask_names.setEnabled(not self.deidentify.isChecked())
        if self.deidentify.isChecked():
            self.mask_names.setChecked(True)
        if (words := self._shown_words()) != self.shows.text():
            self.shows.setText(words)
            self._make_room()
        refused = bool(self._burned_in) and self.deidentify.isChecked()
        if self.insist.isHidden() == refused:
            self.insist.setVisible(refused)
            self._make_room()
        missing = "" if scored else tr(ONLY_REMARKS) if drawn or judged else tr(NOT_SCORED)
        if not self.chosen:
            missing = join((missing, tr("Choose what shall be written.")))
        elif not self.folder.text().strip():
            missing = join((missing, tr("Choose a folder.")))
        elif refused and not self.insist.isChecked():
            missing = tr("De-identified, this picture is written only if you have looked at it.")
        self.note.setText(missing)
        ready = bool(self.chosen and self.folder.text().strip()) and not (refused and not self.insist.isChecked())
        self.export.setEnabled(ready)

    def _shown_words(self) -> str:
        """What pictures, pages and the report will hold of what the reader did."""
        anonymous = self.deidentify.isChecked() or self.mask_names.isChecked()
        if len(self._images) > 1:
            return join((tr(SHOWN_OF_SEVERAL), tr(LEFT_OUT) if anonymous else ""))
        judged = self._study.judgement is not Judgement.NONE
        written = any(isinstance(mark, Note | Arrow) for mark in self._marks)
        parts = [tr(SHOWN)]
        if count := len(self._marks):
            words = tr("{count} marks with their figures") if count > 1 else tr("your mark with its figures")
            parts.append(words.format(count=count))
        if judged:
            parts.append(tr("your judgement") if anonymous else tr("your judgement with your login name and its time"))
        said = tr("Pictures and pages show {parts}.").format(parts=tr(", ").join(parts))
        return join((said, tr(LEFT_OUT) if anonymous and (judged or written) else ""))
