"""A patient's name goes into the worklist's database and into identified exports, and nowhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.domain.exporting import ExportOrder
from app.domain.jobs import JobState
from app.headless.phantom import draw
from app.main import Program, application
from app.paths import AppPaths
from squid_core.export.request import ExportKind
from tests.squid_core.dicom.phantoms import chest, save, to_bytes

PATIENCE_MS = 180_000
NAME, NUMBER, ACCESSION, BORN = "ZZCANARY", "PHI-CANARY-7731", "ACC-CANARY-7731", "19010203"
SECRETS = (NAME, NUMBER, ACCESSION, BORN, "1901-02-03", "Canary Street")
OUTSIDE = ("phantoms", "identified")  # what the test itself wrote, and what the user wanted with the name


@pytest.fixture
def program(qapp: object, tmp_path: Path) -> Iterator[Program]:
    application()
    made = Program(AppPaths(tmp_path / "home"), "cpu")
    made.start()
    yield made
    made.close()


def phantoms(folder: Path) -> Path:
    """A film and what goes wrong: cut short, a length that lies, a name in a file's name, no DICOM at all."""
    film = chest(
        draw(), PatientName=f"{NAME}^PHI", PatientID=NUMBER, AccessionNumber=ACCESSION, PatientBirthDate=BORN,
        PatientAddress="Canary Street 1", StudyDescription=f"of {NAME}", PatientComments=NAME,
    )  # fmt: skip
    whole = to_bytes(film)
    save(folder, whole, "film")
    save(folder, whole[:-900], f"{NAME} cut short")
    save(folder, whole[:400] + b"\xff" * 60 + whole[460:], "garbled")
    other = chest(draw(), PatientName=f"{NAME}^Two", PatientID=NUMBER, StudyInstanceUID="1.2.3", Rows=65535)
    save(folder, to_bytes(other), "lies")
    save(folder, b"%PDF-1.4 " + NAME.encode(), "letter.pdf")
    return folder


def found_in(folder: Path, secrets: Sequence[str] = SECRETS) -> list[str]:
    """Files below whose name or content tells the patient, in any of the ways that text is written."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            for secret in secrets:
                plain = secret.lower()
                ways = (
                    plain.encode(),
                    plain.encode("utf-16-le"),
                    plain.encode("utf-16-be"),
                    plain.encode().hex().encode(),
                )
                if any(way in data for way in ways) or plain in str(path.relative_to(folder)).lower():
                    found.append(f"{path.relative_to(folder)}: {secret}")
    return found


def idle(qtbot: QtBot, program: Program) -> None:
    qtbot.waitUntil(lambda: program.idle, timeout=PATIENCE_MS)


def exported(qtbot: QtBot, program: Program, order: ExportOrder) -> None:
    program.wishes.export_ordered.emit(order)
    idle(qtbot, program)


@pytest.mark.slow  # the whole program, with its children, from import to eight exports
def test_the_name_is_in_no_log_no_setting_no_temporary_file_and_no_de_identified_export(
    qtbot: QtBot, program: Program, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program.open([phantoms(tmp_path / "phantoms")])
    idle(qtbot, program)
    studies = program.store.worklist.studies
    film = next(image for study in studies for image in study.images if image.path.name == "film")
    assert film.identity.patient_id == NUMBER
    if film.asks:
        program.wishes.analyse_anyway.emit(film.key)
        idle(qtbot, program)
        film = next(image for image in program.store.worklist.images() if image.path.name == "film")
    assert film.state is JobState.SCORED
    assert any(image.state is JobState.ERROR for image in program.store.worklist.images())
    program.wishes.image_selected.emit(film.key)
    qtbot.waitUntil(lambda: program.holder.state.radiograph is not None, timeout=PATIENCE_MS)
    program.wishes.masking_changed.emit(True)
    kinds = tuple(ExportKind)
    keys = tuple(image.key for image in program.store.worklist.images())
    exported(qtbot, program, ExportOrder(keys, tmp_path / "de-identified", kinds, deidentify=True))
    exported(qtbot, program, ExportOrder((film.key,), tmp_path / "masked", (ExportKind.PNG,), mask_names=True))
    exported(qtbot, program, ExportOrder((film.key,), tmp_path / "identified", kinds))
    program.wishes.worklist_ordered.emit(tmp_path / "masked" / "list.csv")
    program.wishes.picture_ordered.emit(tmp_path / "masked" / "panes.png", QImage(8, 8, QImage.Format.Format_RGB32))
    qtbot.waitUntil(lambda: (tmp_path / "masked" / "panes.png").exists(), timeout=PATIENCE_MS)
    idle(qtbot, program)
    try:
        raise ValueError(f"a fault that quotes {NAME}")  # noqa: TRY301 - as a slot would that reads a name
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    program.close()

    assert len(list((tmp_path / "de-identified").iterdir())) >= len(kinds)
    assert NAME.encode() in (tmp_path / "home" / "worklist.sqlite").read_bytes()  # the search below can find
    assert any(NAME in line for line in found_in(tmp_path / "identified"))
    assert "ValueError" in (tmp_path / "home" / "logs" / "viewer.log").read_text()
    allowed = ("home/worklist.sqlite", *OUTSIDE)
    told = [line for line in found_in(tmp_path) if not line.startswith(allowed)]
    told += found_in(Path(os.environ["HOME"]))
    assert told == []
    said, complained = capfd.readouterr()
    assert not [secret for secret in SECRETS if secret.lower() in (said + complained).lower()]
