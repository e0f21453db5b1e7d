"""`squid send`: files to a system, and what waits in the outbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from squid_core.cli import main
from squid_core.network.configuration import NetworkSettings, Peer, Role, write_settings
from squid_core.network.errands import identify
from squid_core.network.outbox import Outbox, OutboxState, Outgoing
from tests.squid_core.network.sending.test_send import PACS, film, films, scp, uids

Said = Callable[..., tuple[int, list[str], str]]
NOBODY = 9  # a port on which nobody listens
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # pynetdicom's, where nobody does


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home of the viewer"


@pytest.fixture
def said(home: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    def run(*words: str | Path) -> tuple[int, list[str], str]:
        code = main(["send", *map(str, words), "--home", str(home)])
        out, err = capsys.readouterr()
        return code, out.splitlines(), err

    return run


def configure(home: Path, port: int, *more: Peer) -> None:
    peer = Peer(name=PACS, ae_title="PACS", host="127.0.0.1", port=port)
    write_settings(NetworkSettings(peers=(peer, *more)), home)


def wait(home: Path, files: tuple[Path, ...], peer: str = PACS, kind: str = "sr") -> Outbox:
    outbox = Outbox(home)
    results = [
        Outgoing(file, meant, kind, meant.sop_instance_uid, "w")
        for file, meant in zip(files, identify(files), strict=True)
    ]
    outbox.add(peer, results, 1.0)
    return outbox


def test_files_of_a_folder_are_sent_and_what_is_no_dicom_is_passed_over(home: Path, said: Said, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    files = films(folder, 3)
    (folder / "page.pdf").write_bytes(b"%PDF")
    with scp() as pacs:
        configure(home, pacs.port)
        code, lines, _ = said(folder, "--to", PACS)
        assert (code, lines) == (0, [f"3 of 3 objects sent to {PACS}."])
        assert set(pacs.got) == set(uids(files))


def test_what_was_not_taken_is_said_by_file_and_the_exit_code(home: Path, said: Said, tmp_path: Path) -> None:
    good, bad = film(tmp_path, "good"), film(tmp_path, "bad")
    (tmp_path / "text").write_text("no DICOM")
    refused = uids((bad,))[0]
    with scp(lambda event: 0xC000 if str(event.dataset.SOPInstanceUID) == refused else 0) as pacs:
        configure(home, pacs.port)
        code, lines, _ = said(good, bad, tmp_path / "text", "--to", PACS)
    assert code == 1
    assert lines[0] == "text: not sent. It is no DICOM file."
    assert lines[1].startswith("bad: not sent. It does not understand")
    assert lines[2] == f"1 of 3 objects sent to {PACS}."


def test_a_system_that_is_down_ends_it(home: Path, said: Said, tmp_path: Path) -> None:
    files = films(tmp_path, 25)
    configure(home, NOBODY)
    code, lines, _ = said(*files, "--to", PACS)
    assert code == 1
    assert sum("not sent" in line for line in lines) == 20  # of the rest nothing need be said one by one
    assert lines[-1] == f"0 of 25 objects sent to {PACS}."


@pytest.mark.parametrize("words", [(), ("--to", PACS), ("x",), ("x", "--waiting"), ("--waiting", "--to", PACS)])
def test_half_an_order_is_none(home: Path, said: Said, words: tuple[str, ...]) -> None:
    code, lines, error = said(*words)
    assert (code, lines) == (2, [])
    assert error.startswith("squid: ")


def test_nothing_goes_to_a_system_that_is_not_configured(home: Path, said: Said, tmp_path: Path) -> None:
    code, _, error = said(film(tmp_path), "--to", "Elsewhere")
    assert code == 2
    assert "No such system is configured." in error


def test_what_waits_is_sent_once_and_nothing_is_left(home: Path, said: Said, tmp_path: Path) -> None:
    files = films(tmp_path, 3)
    wait(home, files)
    with scp() as pacs:
        configure(home, pacs.port)
        code, lines, _ = said("--waiting")
        assert code == 0
        assert lines == [f"{PACS}: 3 of 3 objects sent. It has accepted all 3.", SENT_3]
        assert said("--waiting") == (0, [SENT_3], "")
        assert {uid: len(got) for uid, got in pacs.got.items()} == dict.fromkeys(uids(files), 1)


SENT_3 = "0 waiting, 3 sent, 0 refused, 0 given up."


def test_what_waits_for_a_system_that_is_down_waits_on_and_is_asked_again_at_once(
    home: Path, said: Said, tmp_path: Path
) -> None:
    files = films(tmp_path, 2)
    outbox = wait(home, files)
    configure(home, NOBODY)
    code, lines, _ = said("--waiting")
    assert code == 1
    assert len(lines) == 2  # it is asked once
    assert outbox.counts()[OutboxState.WAITING] == 2
    with scp() as pacs:
        configure(home, pacs.port)
        assert said("--waiting")[0] == 0
        assert set(pacs.got) == set(uids(files))


def test_what_waits_for_a_stranger_is_kept_and_said(home: Path, said: Said, tmp_path: Path) -> None:
    wait(home, films(tmp_path, 1), "Sold")
    asked_only = Peer(name="Old", ae_title="OLD", host="127.0.0.1", port=NOBODY, roles=frozenset((Role.QUERY,)))
    wait(home, films(tmp_path, 1), "Old", "sc")
    configure(home, NOBODY, asked_only)
    code, lines, _ = said("--waiting")
    assert code == 1
    assert lines[0].startswith("2 objects wait for a system that is not configured")


def test_the_list_names_what_waits_and_no_patient(home: Path, said: Said, tmp_path: Path) -> None:
    file = film(tmp_path, PatientID="SECRET-1", PatientName="Secret^Name")
    wait(home, (file,))
    configure(home, NOBODY)
    said("--waiting")
    code, lines, _ = said("--list")
    assert code == 1
    assert PACS in lines[0]
    assert "sr  waiting until 20" in lines[0]
    assert "tried 1 times. Nobody listens there" in lines[0]
    assert lines[1] == "1 waiting, 0 sent, 0 refused, 0 given up."
    assert "ecret" not in "".join(lines) + "".join(uids((file,)))
    assert uids((file,))[0] not in "".join(lines)


def test_stopped_in_the_middle_everything_still_waits(
    home: Path, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = wait(home, films(tmp_path, 2))

    def stop(_: object) -> int:
        raise KeyboardInterrupt

    configure(home, NOBODY)
    monkeypatch.setattr("squid_core.commands.send.send_files", lambda *_: stop(None))
    code, _, error = said("--waiting")
    assert code == 130
    assert "stopped" in error
    assert [(row.tries, row.next_try) for row in outbox.rows()] == [(0, 0.0), (0, 0.0)]
    assert outbox.next_due(2.0, (PACS,)) is not None
