"""What the self-test says of a sound program, and of one in which a single thing is broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from multiprocessing import resource_tracker
from pathlib import Path
from typing import NoReturn, TypeVar

import pytest

from app.__main__ import main
from app.headless import encodings, self_test
from app.headless.checks import CheckTable, Remark
from app.headless.encodings import ENCODINGS, Encoding
from app.paths import AppPaths
from app.services.detector.worker import WorkerReport
from app.software import Software
from squid_core.bundle.library import weights_root
from squid_core.contracts.errors import SquidError
from squid_core.dicom.readers import ReaderPool
from squid_core.home import bundles_folder

T = TypeVar("T")
BY_NAME = {encoding.name: encoding for encoding in ENCODINGS}


class InlineReaders(ReaderPool):
    """Does at once, here, what a reader would be asked for."""

    def carry_out(self, errand: Callable[[], T], clear: Callable[[], None]) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(errand())
        except SquidError as error:
            future.set_exception(error)
        return future


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[ReaderPool]:
    with ReaderPool(1, tmp_path / "matplotlib") as pool:
        yield pool


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment in which nothing is set, and a home that nobody can make, root neither."""
    (tmp_path / "a file").write_text("in place of a folder")
    kept = {name: os.environ[name] for name in ("TMPDIR", "PYTHONPATH")}
    return {"PATH": "", "HOME": str(tmp_path / "a file" / "home"), **kept}


def start(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.slow
def test_a_sound_program_passes_in_a_bare_environment_and_leaves_nothing_behind(
    bare: dict[str, str], tmp_path: Path
) -> None:
    done = start(bare, "--self-test")
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert [line for line in lines if line.startswith("FAILED")] == []
    assert [line.split()[3:5] for line in lines if line.startswith("note")] == [["Program's", "folder"]]
    assert "a temporary folder stands in" in done.stdout
    assert sum(" Reads " in line for line in lines) == len(ENCODINGS)
    for check in ("Reading process", "Weights adult", "Registration, adult", "Detector, adult", "Phantom", "Results"):
        assert check in done.stdout
    assert list(Path(bare["TMPDIR"]).iterdir()) == []
    assert (tmp_path / "a file").is_file()


def test_the_ordinary_start_without_a_display_is_one_sentence_there_too(bare: dict[str, str]) -> None:
    done = start(bare)
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no display here." in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_failed_check_makes_it_exit_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(self_test, "_in_folder", lambda table, *_: table.leave_out("All", "this is a test."))
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert main(["--self-test"]) == 1
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"  # nothing appears on a screen
    assert "1 of 4 checks (All)" in capsys.readouterr().out
    monkeypatch.setattr(self_test, "_in_folder", lambda *_: None)
    assert main(["--self-test"]) == 0


def test_without_a_place_for_temporary_files_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert main(["--self-test"]) == 1
    assert "FAILED" in capsys.readouterr().out.splitlines()[4]


def test_the_programs_folder_is_written_and_left_as_it_was(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    assert "GB free" in self_test.check_own_folder(home)
    assert not home.parent.exists()
    home.mkdir(parents=True)
    (home / "settings.json").write_text("{}")
    self_test.check_own_folder(home)
    assert [path.name for path in home.iterdir()] == ["settings.json"]


def test_a_folder_that_cannot_be_written_fails_where_it_was_chosen_and_is_noted_where_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(SquidError, match=r"cannot be written\. Let this user write there"):
        self_test.check_own_folder(tmp_path / "a file" / "home")
    monkeypatch.delenv("SQUID_VIEWER_HOME")
    assert isinstance(self_test.check_own_folder(tmp_path / "a file" / "home"), Remark)


def test_a_reader_that_cannot_start_is_said_and_hides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    resource_tracker.ensure_running()  # which lives as long as this process
    monkeypatch.setattr("multiprocessing.spawn._python_exe", os.fsencode(tmp_path / "no such program"))
    for group in ("check_detector", "check_window"):
        monkeypatch.setattr(self_test, group, lambda table, *_: table.check("Another", lambda: "well"))
    table = CheckTable()
    self_test._in_folder(table, tmp_path, "cpu")
    assert not table.end()
    reader, left_out, *others, _ = capsys.readouterr().out.splitlines()
    assert "No reading process can be started. Allow the program to start itself" in reader
    assert "Not tried: there is no reading process." in left_out
    assert [line.split()[0] for line in others] == ["ok", "ok"]


def test_a_decoder_that_is_missing_fails_its_encodings_and_no_others(
    readers: ReaderPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SimpleITK", "jpeg_ls"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('a library is missing')")
    monkeypatch.syspath_prepend(tmp_path)  # which the children take over

    def check(name: str) -> str:
        return self_test.check_encoding(readers, BY_NAME[name], tmp_path)

    assert check("uncompressed, explicit VR") == "exact"
    assert check("JPEG 2000") == "exact"
    with pytest.raises(SquidError, match="One decoder refuses this picture"):
        check("JPEG, lossless")
    with pytest.raises(SquidError, match="A file of it cannot be made"):
        check("JPEG-LS")


def test_an_encoding_that_is_read_wrongly_or_not_at_all_is_said(
    readers: ReaderPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = BY_NAME["uncompressed, explicit VR"]
    cut = Encoding(plain.uid, "cut", cut_short)
    with pytest.raises(SquidError, match="It cannot be read: "):
        self_test.check_encoding(readers, cut, tmp_path)
    drawn = encodings.picture(12)
    monkeypatch.setattr(encodings, "picture", lambda _: drawn + 1)  # here, not in the child
    with pytest.raises(SquidError, match="off by 1, 0 is allowed"):
        self_test.check_encoding(readers, plain, tmp_path)
    monkeypatch.setattr(encodings, "picture", lambda _: drawn[:-1])
    with pytest.raises(SquidError, match="another size"):
        self_test.check_encoding(readers, plain, tmp_path)


def cut_short(values: encodings.Values) -> bytes:
    return values.tobytes()[:-100]


def test_every_bundle_is_checked_and_a_turned_bit_in_one_that_was_learned_here_is_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    mine = Path(shutil.copytree(weights_root() / "adult", bundles_folder() / "mine"))
    weights = bytearray((mine / "model.safetensors").read_bytes())
    weights[1000] ^= 1
    (mine / "model.safetensors").write_bytes(weights)
    (bundles_folder() / "half").mkdir()
    (bundles_folder() / ".offered").mkdir()  # still being learned
    self_test.check_bundles(CheckTable(), InlineReaders(1))
    outcomes = {line[17:].split("  ")[0]: line.split()[0] for line in capsys.readouterr().out.splitlines()}
    assert outcomes == {
        "Weights by age": "ok",
        **{f"Weights {folder.name}, shipped": "ok" for folder in weights_root().iterdir()},
        "Weights mine, learned here": "FAILED",
        "Weights half, learned here": "FAILED",
        **{f"Registration, {name}": "ok" for name in ("adult", "zhanglab", "mine")},
    }


def test_weights_that_are_missing_for_an_age_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(weights_root() / "adult", tmp_path / "weights" / "adult")
    for place in ("squid_core.bundle.library.weights_root", "app.headless.self_test.weights_root"):
        monkeypatch.setattr(place, lambda: tmp_path / "weights")
    self_test.check_bundles(CheckTable(), InlineReaders(1))
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("FAILED")
    assert "No paediatric weights are installed." in first


def dies(folder: str, device: str) -> NoReturn:
    os._exit(3)


def lacks(folder: str, device: str) -> NoReturn:
    raise ImportError("libtorch_cpu.so: cannot open shared object file")


def answers(folder: str, device: str) -> WorkerReport:
    return WorkerReport(1, "2.0", cuda=False)


@pytest.mark.parametrize(
    ("warm_up", "said"),
    [
        (dies, "The detector's process cannot be started, or does not stay."),
        (lacks, "[ImportError]"),
        (answers, "torch 2.0, no graphics card"),
    ],
)
def test_a_detector_that_dies_or_cannot_load_torch_is_said(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    warm_up: Callable[[str, str], WorkerReport],
    said: str,
) -> None:
    monkeypatch.setattr("app.services.detector.worker.warm_up", warm_up)
    self_test.check_detector(CheckTable(), "cpu")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2  # one for each bundle that reads chests
    assert all(said in line for line in lines)
    assert all(line.startswith("ok" if warm_up is answers else "FAILED") for line in lines)


def test_without_a_library_of_qt_only_the_window_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(self_test, "platform_problem", lambda: "Qt needs a system library (libEGL.so.1).")
    self_test.check_window(CheckTable(), AppPaths(tmp_path), InlineReaders(1), tmp_path, "cpu")
    first, second = capsys.readouterr().out.splitlines()
    assert "libEGL.so.1" in first
    assert "Not tried: Qt cannot be loaded." in second


def test_a_licence_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = tmp_path / "LICENSE"
    text.write_text("free")
    parts = (Software("torch", "2", "BSD", "", (text,)), Software("Python", "3", "PSF", "", (text,)))
    monkeypatch.setattr(self_test, "software_inside", lambda: parts)
    assert self_test.check_licences() == "2 parts, 2 texts"
    gone = Software("PySide6", "6", "LGPL", "", (tmp_path / "gone",))
    monkeypatch.setattr(self_test, "software_inside", lambda: (*parts, gone))
    with pytest.raises(SquidError, match=r"missing: PySide6\."):
        self_test.check_licences()


def test_a_policy_that_cannot_be_used_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "policy.json"
    for place in ("squid_core.policy.policy_file", "app.headless.self_test.policy_file"):
        monkeypatch.setattr(place, lambda: file)
    assert self_test.check_policy() == f"there is no {file}"
    file.write_text('{"fixed": {"mask_names": true}}')
    assert "settings fixed: 1" in self_test.check_policy()
    file.write_text('{"fixed": {"toaster": true}}')
    with pytest.raises(SquidError, match=r"fixed\.toaster.*--show-settings"):
        self_test.check_policy()
    file.write_text("{")
    with pytest.raises(SquidError, match="policy"):
        self_test.check_policy()
