"""Forget everything, in the real program: its children end, its folder is empty, and its trail begins anew."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from app.storage.database import Database
from squid_core.home import DATABASE
from tests.app import light_worker
from tests.app.world import Face

WAIT_SECONDS = 240


def run_and_forget(home: Path, film: Path) -> None:
    """In a process of its own: read a film, judge it, have all forgotten, read the page."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from app import main
    from app.domain.study import Judgement
    from app.paths import AppPaths
    from app.services.readers import new_readers
    from app.ui.dialogs.forgetting import ForgottenDialog

    build, asked = main.Program, list[str]()

    def built(*arguments: object, **how: object) -> main.Program:
        program = build(*arguments, **how)  # type: ignore[arg-type]

        def look() -> None:
            if program.holder.state.detection is not None and program.idle and not asked:
                asked.append("judged")
                program.wishes.judged.emit(Judgement.ACCEPTED, ())
                program.wishes.forgetting_wanted.emit(False)

        timer = QTimer(program, interval=50)
        timer.timeout.connect(look)
        timer.start()
        return program

    def close_page() -> None:
        for page in QApplication.topLevelWidgets():
            if isinstance(page, ForgottenDialog) and page.table.rowCount() and page.isVisible():
                asked.append(page.state.text())
                page.reject()

    main.application()
    closing_it = QTimer(interval=50)
    closing_it.timeout.connect(close_page)
    closing_it.start()
    with patch("app.services.detector.client.worker", light_worker), patch.object(main, "Program", built):
        assert main.run([film], False, "cpu", new_readers(AppPaths(home))) == 0
    assert asked == ["judged", "Removed. What SQUID Viewer kept before is gone. The program ends now."]


def test_the_program_forgets_and_ends_and_begins_with_an_empty_worklist(tmp_path: Path) -> None:
    home, film = tmp_path / "viewer home", tmp_path / "film.dcm"
    film.write_bytes(Face(7, 7, 7, 40).data)
    code = (
        "import sys; from pathlib import Path; from tests.app.test_forgetting import run_and_forget;"
        "run_and_forget(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", code, str(home), str(film)], check=True, timeout=WAIT_SECONDS)
    assert {path.name for path in home.iterdir()} == {"settings.json", "forgotten.json"}
    assert film.exists()
    everything = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"P7" not in everything
    assert str(tmp_path).encode() not in everything
    with closing(Database(home / DATABASE, lambda _: None)) as store:
        assert store.images() == ()
        (line,) = store.audit()
        assert line.action == "forget"
        assert "studies: 1" in line.detail
