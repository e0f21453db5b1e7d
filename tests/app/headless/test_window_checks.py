from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QImage

from app.domain.errors import Notice, Severity
from app.headless import errands, phantom
from app.headless.checks import CheckSteps, CheckTable
from app.headless.headless import Script, play
from app.headless.window_checks import drawn, loaded_nothing, said_nothing_bad, scored, written
from app.main import Program, application
from app.paths import AppPaths
from squid_core.contracts.errors import SquidError
from squid_core.export.request import ExportKind
from tests.app import light_worker


@pytest.fixture
def program(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """With a detector that needs no torch."""
    monkeypatch.setattr("app.services.detector.client.worker", light_worker)
    application()
    program = Program(AppPaths(tmp_path / "home"), "cpu", keep_layout=False, network=False)
    yield program
    program.close()


def outcomes(program: Program, *checks: tuple[str, CheckSteps]) -> list[bool]:
    """Go through checks in the window's own loop."""
    table, passed = CheckTable(), list[bool]()

    def script() -> Script:
        for name, steps in checks:
            passed.append((yield from table.go_through(name, steps, 60.0)))

    play(program, script(), math.inf)
    return passed


def test_a_phantom_is_scored_exported_and_read_back_and_whatever_is_wrong_with_the_export_is_said(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, exports = tmp_path / "images" / "phantom", tmp_path / "exports"
    (tmp_path / "no folder").write_text("a file in its place")

    def nowhere() -> CheckSteps:
        monkeypatch.setattr("app.headless.window_checks.ExportKind", [ExportKind.STRUCTURED_REPORT])  # the quickest
        return (yield from written(program, file, tmp_path / "no folder"))

    passed = outcomes(
        program,
        ("Drawn", drawn(program)),
        ("Phantom", scored(program, file)),
        ("Results", written(program, file, exports)),
        ("Nowhere", nowhere()),
    )
    said = capsys.readouterr().out
    assert passed == [True, True, True, False], said
    assert "sc, sr, seg, gsps" in said
    assert "Nothing was exported." in said

    score = program.store.worklist.studies[0].top_image.score
    assert score is not None
    with pytest.raises(SquidError, match="kind sr does not hold"):
        errands.read_back(exports, file, score + 0.1)
    for kind, ending in (("pdf", "report.pdf"), ("png", "picture.png"), ("dicom", "image.dcm")):
        (path,) = exports.glob(f"*{ending}")
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(SquidError, match=f"kind {kind} does not hold"):
            errands.read_back(exports, file, score)
        path.unlink()
        with pytest.raises(SquidError, match=f"kind {kind} was not written"):
            errands.read_back(exports, file, score)
        path.write_bytes(whole)
    other = tmp_path / "other"
    phantom.write(str(other), "20240101")
    (copy,) = exports.glob("*image.dcm")
    copy.write_bytes(other.read_bytes())
    with pytest.raises(SquidError, match="kind sc does not hold"):  # it names another image
        errands.read_back(exports, other, score)


def test_a_phantom_that_cannot_be_written_is_said(
    program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "images").write_text("a file in its place")
    assert outcomes(program, ("Phantom", scored(program, tmp_path / "images" / "phantom"))) == [False]
    assert "File exists" in capsys.readouterr().out


def test_a_window_that_stays_empty_or_has_no_letters_has_not_been_drawn(
    program: Program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcomes(program, ("Drawn", drawn(program))) == [True]
    monkeypatch.setattr(QFontDatabase, "families", list)
    steps = drawn(program)
    next(steps)
    with pytest.raises(SquidError, match="no typeface"):
        next(steps)
    empty = QImage(640, 480, QImage.Format.Format_RGB32)
    empty.fill(0)
    monkeypatch.setattr("app.headless.window_checks._shot", lambda _: empty)
    steps = drawn(program)
    next(steps)
    with pytest.raises(SquidError, match="stays empty"):
        next(steps)


def test_what_the_user_would_have_been_told_counts() -> None:
    info, warning = Notice(Severity.INFO, "Done."), Notice(Severity.WARNING, "Slow.", "Wait.")
    assert said_nothing_bad((info,)) == "none that warns"
    assert said_nothing_bad((info, warning)) == "Slow. Wait."
    with pytest.raises(SquidError, match="Broken"):
        said_nothing_bad((warning, Notice(Severity.ERROR, "Broken.")))


def test_a_window_that_has_loaded_torch_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.modules", {"torch": None})
    with pytest.raises(SquidError, match="has loaded torch"):
        loaded_nothing()
    monkeypatch.setattr("sys.modules", {"numpy": None})
    assert "no torch" in loaded_nothing()
