"""Orders are carried out image by image, told in one notice, and on record."""

from __future__ import annotations

import csv
import getpass
import io
import pickle
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.domain.exporting import ExportOrder
from app.domain.jobs import JobState
from app.domain.marks.measurements import Length, Note
from app.domain.masking import Masking
from app.domain.orientation import Orientation
from app.domain.session import Progress
from app.domain.settings import DisplaySettings
from app.domain.study import Judgement
from app.domain.worklist import Worklist
from app.services.exporting import export_service
from app.services.exporting.preparing import GONE, NOT_SCORED
from app.services.exporting.worklist_csv import COLUMNS, worklist_csv
from squid_core.bundle.library import Bundle
from squid_core.contracts.detection import Detection
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Spacing, SpacingSource, Window
from squid_core.contracts.reading import FigureUnit, MarkKind
from squid_core.dicom.source import Source
from squid_core.export.request import Exported, ExportKind
from squid_core.files import write_atomically
from tests.app.samples import digest_of, identity, image
from tests.app.services.exporting.desks import Desk, put
from tests.app.services.fakes import radiograph

SPACING = Spacing(0.2, 0.15, SpacingSource.DETECTOR)
PDF, SEG, SOURCE = ExportKind.PDF, ExportKind.SEGMENTATION, ExportKind.SOURCE


def carried_out(qtbot: QtBot, desk: Desk, order: ExportOrder) -> Notice:
    desk.service.start(order)
    qtbot.waitUntil(lambda: not desk.service.running)
    return desk.notices[-1]


def test_each_image_is_asked_for_with_its_result_and_goes_on_record(
    qtbot: QtBot, desk: Desk, adult_hash: str, tmp_path: Path
) -> None:
    keys = (put(desk, "a", adult_hash), put(desk, "b", adult_hash))
    seen: list[Progress] = []
    desk.service.progress_changed.connect(seen.append)
    notice = carried_out(qtbot, desk, ExportOrder(keys, tmp_path, (PDF, SOURCE), deidentify=True))
    assert notice == Notice(Severity.INFO, "Exported 4 files of 2 images.", "The spacing was guessed.")
    assert [Source.of(request.path).path.name for request in desk.readers.requests] == ["a", "b"]
    first, second = desk.readers.requests
    assert first.detection is not None
    assert first.weights is not None
    assert first.deidentify
    assert first.key == second.key != ""
    assert seen == [Progress(0, 2), Progress(1, 2), Progress()]
    assert desk.trail() == [("export", key, "pdf dicom, de-identified") for key in keys]


def paints(desk: Desk, monkeypatch: pytest.MonkeyPatch, widths: tuple[int, ...]) -> None:
    """The bundles' weights paint a picture, or none."""
    of = desk.bundles.of

    def painting(result: Detection) -> Bundle | None:
        found = of(result)
        if found is None:
            return None
        network = found.card.network.model_copy(update={"picture_widths": widths})
        return replace(found, card=found.card.model_copy(update={"network": network}))

    monkeypatch.setattr(desk.bundles, "of", painting)


@pytest.mark.parametrize(
    ("kinds", "widths", "pictured"), [((PDF,), (8, 8), True), ((PDF,), (), False), ((SEG,), (8, 8), False)]
)
def test_what_shows_the_normal_image_shows_the_finer_one_where_there_is_one(
    qtbot: QtBot,
    desk: Desk,
    adult_hash: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kinds: tuple[ExportKind, ...],
    widths: tuple[int, ...],
    pictured: bool,
) -> None:
    paints(desk, monkeypatch, widths)
    carried_out(qtbot, desk, ExportOrder((put(desk, "a", adult_hash),), tmp_path, kinds))
    (request,) = desk.readers.requests
    assert (request.picture is not None) == bool(desk.maps.asked) == pictured


def test_without_an_answer_of_the_detector_an_export_shows_the_reconstruction(
    qtbot: QtBot, desk: Desk, adult_hash: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paints(desk, monkeypatch, (8, 8))
    desk.maps.failure = SquidError("The detector has gone.")
    notice = carried_out(qtbot, desk, ExportOrder((put(desk, "a", adult_hash),), tmp_path, (PDF,)))
    assert notice.title == "Exported 1 file of 1 image."
    assert desk.readers.requests[0].picture is None


def test_pseudonyms_on_a_page_are_those_of_the_screen(
    qtbot: QtBot, desk: Desk, adult_hash: str, tmp_path: Path
) -> None:
    desk.holder.update(mask_key="of this installation")
    key = put(desk, "a", adult_hash)
    carried_out(qtbot, desk, ExportOrder((key,), tmp_path, (PDF,), mask_names=True))
    assert desk.readers.requests[0].key == "of this installation"


def test_of_an_image_without_a_score_what_needs_none_is_written(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    key = put(desk, "a")
    notice = carried_out(qtbot, desk, ExportOrder((key,), tmp_path, (PDF, SOURCE)))
    assert desk.readers.requests[0].kinds == (SOURCE,)
    assert (notice.severity, notice.title) == (Severity.WARNING, "Exported 1 file of 1 image.")
    assert NOT_SCORED in notice.advice
    nothing = carried_out(qtbot, desk, ExportOrder((key,), tmp_path, (PDF,)))
    assert (nothing.severity, nothing.title) == (Severity.ERROR, "Nothing was exported.")
    assert len(desk.trail()) == 1


def test_an_image_of_which_there_was_nothing_to_say_is_no_exported_one(
    qtbot: QtBot, desk: Desk, tmp_path: Path, adult_hash: str
) -> None:
    keys = tuple(put(desk, name, adult_hash) for name in "ab")
    desk.readers.answers = [Exported((), (), ("No key image note was written.",))]
    notice = carried_out(qtbot, desk, ExportOrder(keys, tmp_path, (ExportKind.KEY_IMAGE_NOTE,)))
    assert (notice.severity, notice.title) == (Severity.INFO, "Exported 1 file of 1 image.")
    assert "No key image note was written." in notice.advice
    assert len(desk.trail()) == 1


def test_one_failure_does_not_stop_the_others(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    keys = (put(desk, "a"), "0" * 24, put(desk, "b"))
    desk.readers.answers = [SquidError("The disk is full.", "Free some space.")]
    notice = carried_out(qtbot, desk, ExportOrder(keys, tmp_path, (SOURCE,)))
    assert notice.title == "Exported 1 file of 1 image."
    assert "The disk is full. Free some space." in notice.advice
    assert GONE in notice.advice


def test_cancel_writes_no_further_image(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    keys = tuple(put(desk, name) for name in "abc")
    desk.service.start(ExportOrder(keys, tmp_path, (SOURCE,)))
    desk.service.cancel()
    qtbot.waitUntil(lambda: not desk.service.running)
    assert len(desk.readers.requests) == 1


def test_the_window_under_which_an_image_is_shown_goes_with_it(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    shown, other = put(desk, "a"), put(desk, "b")
    desk.holder.update(image_key=shown, window=Window(10, 20), invert=True)
    carried_out(qtbot, desk, ExportOrder((shown, other), tmp_path, (SOURCE,)))
    first, second = desk.readers.requests
    assert (first.shown.window, first.shown.inverted) == (Window(10, 20), True)
    assert (second.shown.window, second.shown.inverted) == (None, False)


def test_marks_and_judgement_go_with_an_image_with_reader_and_time(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    """Of an image that is not open, too: its figures are worked out where it is decoded."""
    key, marks = put(desk, "a"), (Length(((10.0, 20.0), (10.0, 50.0))), Note(((5.0, 5.0),), "look here"))
    digest, before = digest_of("a"), datetime.now(UTC)
    desk.database.ask(lambda database: database.save_marks(digest, key, marks)).result(5)
    desk.database.ask(lambda database: database.judge((digest,), key, Judgement.REJECTED)).result(5)
    carried_out(qtbot, desk, ExportOrder((key,), tmp_path, (SOURCE,)))
    (request,) = desk.readers.requests
    opinion = request.opinion
    assert opinion is not None
    assert (opinion.code, opinion.words, opinion.reader) == ("rejected", "the finding is rejected", getpass.getuser())
    assert opinion.at is not None
    assert before <= opinion.at <= datetime.now(UTC)
    sent = pickle.loads(pickle.dumps(request))  # noqa: S301 - as it travels to a reader
    length, note = sent.marks(replace(radiograph(), spacing=SPACING))
    assert (length.kind, length.figures[0].unit, length.scale) == (
        MarkKind.LENGTH,
        FigureUnit.MILLIMETRES,
        SPACING.words,
    )
    assert length.figures[0].value == pytest.approx(30 * SPACING.column_mm)
    assert (note.kind, note.text) == (MarkKind.NOTE, "look here")


def test_an_image_goes_out_as_it_lies_on_the_screen(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    shown, other = put(desk, "a"), put(desk, "b")
    display = DisplaySettings(gamma=1.5, marks=False)
    desk.holder.update(image_key=shown, window=Window(10, 20), display=display)
    order = ExportOrder((shown, other), tmp_path, (SOURCE,), orientation=Orientation(mirrored=True, quarters=3))
    carried_out(qtbot, desk, order)
    first, second = (request.shown for request in desk.readers.requests)
    assert (first.gamma, first.mirrored, first.quarters, first.marks) == (1.5, True, 3, False)
    assert (second.gamma, second.mirrored, second.quarters, second.marks) == (1.0, False, 0, False)


def test_damaged_marks_are_a_sentence_and_nothing_is_lost_but_they(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    key = put(desk, "a")
    desk.database.ask(
        lambda database: database._file.run(
            lambda db: db.execute("INSERT INTO annotations VALUES (?, '2026', 'no JSON')", (digest_of("a"),))
        )
    ).result(5)
    notice = carried_out(qtbot, desk, ExportOrder((key,), tmp_path, (SOURCE,)))
    assert notice.title == "Exported 1 file of 1 image."
    assert "The stored measurements of this image are damaged." in notice.advice


def test_the_list_says_what_was_judged_when_and_by_whom(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    key = put(desk, "a")
    put(desk, "b")
    digest = digest_of("a")
    desk.store.judge({digest: Judgement.NORMAL})
    desk.database.ask(lambda database: database.judge((digest,), key, Judgement.NORMAL)).result(5)
    for masking in (Masking(), Masking(on=True, key="key")):
        desk.service.write_worklist(tmp_path / "list.csv", desk.store.worklist, masking)
        qtbot.waitUntil(lambda: bool(desk.notices))
        desk.notices.clear()
        rows = list(csv.DictReader(io.StringIO((tmp_path / "list.csv").read_text("utf-8-sig"))))
        said = {(row["judgement"], row["judged_by"], bool(row["judged_at"])) for row in rows}
        reader, timed = ("", False) if masking.on else (getpass.getuser(), True)
        assert said == {("normal", reader, timed), ("", "", False)}
    assert {row["reading"] for row in rows} <= {"unread", "reading", "read"}


def canary_list() -> Worklist:
    who = replace(identity("1.2.3", name="=Zzcanary, Phi"), patient_id="PHI-7731", study_description="of Zzcanary")
    worklist = Worklist([replace(image("zzcanary.dcm", score=0.83), identity=who)])
    return worklist.upsert(image("b", "1.2.4", state=JobState.ERROR, arrival=1, message="The file ends too early."))


def test_the_worklist_for_a_spreadsheet(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    desk.service.write_worklist(path, canary_list(), Masking())
    qtbot.waitUntil(lambda: bool(desk.notices))
    assert desk.notices[-1].title == "The worklist was exported."
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")  # so that Excel reads UTF-8
    heading, first, second = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert tuple(heading) == COLUMNS
    row = dict(zip(COLUMNS, first, strict=True))
    assert (row["patient"], row["patient_id"], row["file"]) == ("'=Zzcanary, Phi", "PHI-7731", "zzcanary.dcm")
    assert (row["score"], row["weights"], row["status"]) == ("0.830000", "adult", "scored")
    assert second[COLUMNS.index("message")] == "The file ends too early."
    assert desk.trail() == [("export", "", "worklist as CSV, identified")]
    assert [file.name for file in tmp_path.glob("*.tmp")] == []


def test_masked_it_holds_nothing_of_the_patients() -> None:
    text = worklist_csv(canary_list(), Masking(on=True, key="key"), {}).lower()
    for secret in ("zzcanary", "7731", "2023-06-01", "doe"):
        assert secret not in text
    assert "patient " in text
    assert "0.830000" in text


def test_a_folder_that_is_not_there_is_a_sentence(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    desk.service.write_worklist(tmp_path / "nowhere" / "list.csv", canary_list(), Masking())
    qtbot.waitUntil(lambda: bool(desk.notices))
    assert desk.notices[-1].title == "The file could not be written."
    picture = QImage(20, 10, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    desk.service.write_picture(tmp_path / "nowhere" / "shown.png", picture, Masking())
    qtbot.waitUntil(lambda: len(desk.notices) == 2)
    assert desk.notices[-1].title == "The file could not be written."
    assert desk.trail() == []


def test_a_disk_that_does_not_answer_holds_neither_the_store_nor_the_end_and_is_said(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()

    def hang(path: Path, data: bytes) -> None:
        answers.wait(20)
        write_atomically(path, data)

    monkeypatch.setattr(export_service, "write_atomically", hang)
    monkeypatch.setattr(export_service, "WRITE_SECONDS", 0.1)
    monkeypatch.setattr(export_service, "CLOSE_SECONDS", 0.1)
    desk.service.write_worklist(tmp_path / "list.csv", canary_list(), Masking())
    assert desk.trail() == []  # the store answers
    qtbot.waitUntil(lambda: desk.notices == [export_service.SILENT])
    began = time.monotonic()
    desk.service.close()
    assert time.monotonic() - began < 1
    answers.set()
    qtbot.waitUntil(lambda: len(desk.trail()) == 1)  # what is written is on record, however late
    assert (tmp_path / "list.csv").exists()


def test_a_file_that_is_being_written_is_finished_before_the_end(desk: Desk, tmp_path: Path) -> None:
    desk.service.write_worklist(tmp_path / "list.csv", canary_list(), Masking())
    desk.service.close()
    assert (tmp_path / "list.csv").exists()
    assert len(desk.trail()) == 1


def test_the_picture_of_the_panes_is_a_png_and_on_record(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    picture = QImage(20, 10, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    desk.service.write_picture(tmp_path / "shown.png", picture, Masking(on=True, key="key"))
    qtbot.waitUntil(lambda: bool(desk.notices))
    assert QImage(str(tmp_path / "shown.png")).size() == picture.size()
    assert desk.trail() == [("export", "", "picture of the panes, names masked")]
