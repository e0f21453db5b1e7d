"""A file that crashes, hangs or bloats its reader costs one child and gets one plain sentence."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from squid_core.contracts.charset import Charset
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Decision, FileStatus
from squid_core.dicom import errands, readers
from squid_core.dicom.readers import Examined, ReaderPool
from squid_core.dicom.source import Source
from squid_core.preprocessing import Preprocessing
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes

pytestmark = pytest.mark.keeps_running


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(workers=1) as readers:
        yield readers


# Run in a child in the place of a reader.


def crash(_: str) -> Examined:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError


def be_killed(_: str) -> Examined:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def crash_once(marker: str) -> Examined:
    path = Path(marker)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGSEGV)
    return Examined(None, "read at the second try")


def hang(_: str) -> Examined:
    time.sleep(60)
    raise AssertionError


def bloat(_: str) -> Examined:
    return errands.measured(lambda: Examined(None, str(len(bytearray(3_000_000_000)))))


def bloat_and_stay(_: str) -> Examined:
    block = np.ones(500_000_000, np.uint8)
    time.sleep(60)
    return Examined(None, str(block.size))


def raise_oddly(_: str) -> Examined:
    raise KeyError("CANARY")


def child_pid(_: str) -> Examined:
    return Examined(None, str(os.getpid()))


def identify_or_die(sources: tuple[Source, ...]) -> tuple[Examined, ...]:
    if any("deadly" in source.path.name for source in sources):
        os.kill(os.getpid(), signal.SIGSEGV)
    return tuple(Examined(None, "fine") for _ in sources)


def test_the_window_can_import_it_without_any_decoder() -> None:
    script = (
        "import sys, squid_core.dicom.readers, squid_core.inference.triage, squid_core.cli\n"
        "print([m for m in ('torch', 'pydicom', 'SimpleITK', 'PIL', 'openjpeg') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_chest_is_examined_and_prepared(tmp_path: Path, pool: ReaderPool) -> None:
    path = save(tmp_path, chest())
    examined = pool.examine(path, [Preprocessing(), Preprocessing(size=64, fit="crop")]).result(30)
    assert examined.status is None
    assert examined.verdict is not None
    assert examined.verdict.decision is Decision.ANALYSE
    assert [model_input.image.shape for model_input in examined.inputs] == [(128, 128), (64, 64)]
    assert examined.identity is not None
    assert examined.identity.patient_age == 62
    assert examined.seconds > 0
    assert 20 < examined.peak_rss_mb < 2048


def test_a_refused_image_is_not_prepared(tmp_path: Path, pool: ReaderPool) -> None:
    examined = pool.examine(save(tmp_path, chest(BodyPartExamined="HIP")), [Preprocessing()]).result(30)
    assert examined.inputs == ()
    assert examined.verdict is not None
    assert examined.verdict.decision is Decision.REFUSE


def test_display_gets_read_only_pixels(tmp_path: Path, pool: ReaderPool) -> None:
    radiograph = pool.read(save(tmp_path, chest())).result(30)
    np.testing.assert_array_equal(radiograph.pixels, phantom())
    assert not radiograph.pixels.flags.writeable


def test_bad_files_are_answers_for_triage_and_errors_for_display(tmp_path: Path, pool: ReaderPool) -> None:
    path = save(tmp_path, b"Hello" * 100)
    assert pool.examine(path).result(30).status is FileStatus.SKIPPED
    with pytest.raises(SquidError, match="text file"):
        pool.read(path).result(30)
    assert pool.examine(tmp_path / "gone").result(30).status is FileStatus.ERROR


def test_a_damaged_header_is_a_sentence_for_the_window_and_costs_no_child(tmp_path: Path, pool: ReaderPool) -> None:
    before = pool._start(child_pid, ("",)).result(30).message
    path = save(tmp_path, to_bytes(chest(PatientName="ZZCANARY^PHI"))[:420])
    with pytest.raises(SquidError, match="ends") as caught:
        pool.read(path).result(30)
    assert "CANARY" not in repr(caught.value)
    assert pool._start(child_pid, ("",)).result(30).message == before


def test_identify_reads_the_header_only(tmp_path: Path, pool: ReaderPool) -> None:
    ds = chest()
    ds.PixelData = ds.PixelData[:100]
    examined = pool.identify(save(tmp_path, ds)).result(30)
    assert examined.status is None
    assert examined.verdict is None
    assert examined.identity is not None
    assert examined.identity.study_instance_uid == ds.StudyInstanceUID


def test_headers_come_in_batches_and_each_finds_its_own(tmp_path: Path, pool: ReaderPool) -> None:
    paths = [save(tmp_path, chest(PatientID=f"P-{number}"), str(number)) for number in range(70)]
    paths.insert(30, save(tmp_path, b"Hello" * 30, "text"))
    answers = [future.result(60) for future in [pool.identify(path) for path in paths]]
    assert answers.pop(30).status is FileStatus.SKIPPED
    identities = [answer.identity.patient_id for answer in answers if answer.identity]
    assert identities == [f"P-{number}" for number in range(70)]


def test_one_header_that_kills_costs_only_its_own_answer(
    tmp_path: Path, pool: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "identify_in_child", identify_or_die)
    paths = [tmp_path / str(number) for number in range(5)] + [tmp_path / "deadly"]
    answers = [future.result(60) for future in [pool.identify(path) for path in paths]]
    assert [answer.message for answer in answers[:5]] == ["fine"] * 5
    assert answers[5].status is FileStatus.ERROR


def test_a_crash_twice_is_an_error_and_the_pool_lives(tmp_path: Path, pool: ReaderPool) -> None:
    examined = pool._start(crash, ("",)).result(60)
    assert examined.status is FileStatus.ERROR
    assert "twice" in examined.message
    assert pool.examine(save(tmp_path, chest())).result(30).status is None


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_readers_that_are_ended_again_and_again_are_no_damage_to_the_file(
    pool: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("squid_core.processes.pool.LOSSES", 3)
    examined = pool._start(be_killed, ("",)).result(60)
    assert examined.status is FileStatus.ERROR
    assert "damaged" not in examined.message
    assert examined.unread


def test_a_crash_once_is_tried_again(tmp_path: Path, pool: ReaderPool) -> None:
    assert pool._start(crash_once, (str(tmp_path / "marker"),)).result(60).message == "read at the second try"


def test_a_hang_is_ended(pool: ReaderPool) -> None:
    examined = pool._start(hang, ("",), seconds=(0.5, 0.5)).result(60)
    assert examined.status is FileStatus.ERROR
    assert "too long" in examined.message


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on private memory works on Linux")
def test_memory_is_bounded(pool: ReaderPool) -> None:
    examined = pool._start(bloat, ("",)).result(60)
    assert examined.status is FileStatus.ERROR
    assert "memory" in examined.message
    assert examined.peak_rss_mb < 2048


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReaderPool]:
    """As where the system sets no limit (Windows, macOS): the window's process watches its readers."""
    monkeypatch.setattr(readers, "keeps_memory_limits", lambda: False)
    monkeypatch.setattr(readers, "CHILD_DATA_BYTES", 500_000_000)
    with ReaderPool(workers=1) as pool:
        yield pool


def test_where_the_system_sets_no_limit_a_reader_that_grows_is_ended_with_the_same_sentence(
    watched: ReaderPool,
) -> None:
    examined = watched._start(bloat_and_stay, ("",)).result(30)
    assert (examined.status, examined.message) == (FileStatus.ERROR, errands.NO_MEMORY)
    assert not examined.unreached


def test_a_file_is_recognised_without_its_picture(tmp_path: Path, pool: ReaderPool) -> None:
    ds = chest()
    ds.PixelData = ds.PixelData[:100]
    path = save(tmp_path, ds)
    examined = pool.recognise(path).result(30)
    assert examined.content is not None
    assert examined.content.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert examined.identity is not None
    assert examined.identity.study_instance_uid == ds.StudyInstanceUID
    assert pool.recognise(tmp_path / "gone").result(30).unreached
    assert pool.recognise(save(tmp_path, b"Hello" * 100, "text")).result(30).content is None


def test_an_odd_exception_is_a_plain_sentence(pool: ReaderPool) -> None:
    examined = pool._start(raise_oddly, ("",)).result(30)
    assert examined.status is FileStatus.ERROR
    assert "CANARY" not in examined.message


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_an_idle_child_may_die(tmp_path: Path, pool: ReaderPool) -> None:
    os.kill(int(pool._start(child_pid, ("",)).result(30).message), signal.SIGKILL)
    time.sleep(0.3)
    assert pool.examine(save(tmp_path, chest())).result(60).status is None


def test_the_default_character_set_is_that_of_the_time_of_asking(tmp_path: Path, pool: ReaderPool) -> None:
    name = "許^功蓋"
    stand_in = "x" * len(name.encode("big5"))
    data = to_bytes(chest(SpecificCharacterSet="ISO_IR 100", PatientName=stand_in))
    path = save(tmp_path, data.replace(stand_in.encode(), name.encode("big5")))
    shown = []
    for charset in (Charset.AUTOMATIC, Charset.BIG5, Charset.AUTOMATIC):
        pool.charset = charset
        identity = pool.identify(path).result().identity
        assert identity == pool.read(path).result().identity
        shown.append(identity.patient_name if identity else "")
    assert shown[1] == "許, 功蓋"
    assert shown[0] == shown[2]
    assert shown[0].startswith("Patient ")


def test_a_closed_pool_says_so(tmp_path: Path) -> None:
    readers = ReaderPool(workers=1)
    readers.close()
    with pytest.raises(SquidError, match="stopped"):
        readers.examine(save(tmp_path, chest())).result(5)
