"""Systems that do not hand out what they say they have, by C-GET; each is one of ours on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, MRImageStorage
from pynetdicom import evt

from squid_core.contracts.network import Fetched, Outcome
from squid_core.network import words
from squid_core.network.configuration import Listening, NetworkSettings, Peer
from squid_core.network.errands import fetch_study
from tests.squid_core.dicom.phantoms import chest, phantom
from tests.squid_core.network.odd_systems import ALWAYS, scp

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <s:ResourceWarning")

GET = "1.2.840.10008.5.1.4.1.2.2.3"
DX, MR = str(DigitalXRayImageStorageForPresentation), str(MRImageStorage)
STUDY, SERIES = "1.2.3", "1.2.3.1"
UIDS = [f"{SERIES}.{number}" for number in range(1, 4)]
Handler = Callable[[evt.Event], Iterator[Any]]


def film(uid: str, side: int = 32) -> Dataset:
    uids: dict[str, Any] = {"StudyInstanceUID": STUDY, "SeriesInstanceUID": SERIES, "SOPInstanceUID": uid}
    return chest(phantom(side, side), **uids)


def lists(uids: list[str] = UIDS, sop_class: str = DX) -> Handler:
    """A catalogue of one series."""

    def find(event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        answer = Dataset()
        answer.QueryRetrieveLevel = event.identifier.QueryRetrieveLevel
        if answer.QueryRetrieveLevel == "SERIES":
            answer.SeriesInstanceUID, answer.Modality = SERIES, "DX"
            yield 0xFF00, answer
        for uid in uids if answer.QueryRetrieveLevel == "IMAGE" else ():
            answer.SOPInstanceUID, answer.SOPClassUID = uid, sop_class
            yield 0xFF00, answer
        yield 0x0000, None

    return find


def gives(*films: Dataset, last: int | None = None) -> Handler:
    """It hands these out, whatever it is asked for."""

    def get(_event: evt.Event) -> Iterator[Any]:
        yield max(1, len(films))
        for one in films:
            yield 0xFF00, one
        if last is not None:
            yield last, None

    return get


def fetch(folder: Path, find: Handler, get: Handler, free_gb: float = 0.1, object_mb: int = 1) -> Fetched:
    with scp([(evt.EVT_C_FIND, find), (evt.EVT_C_GET, get)], (*ALWAYS, GET, DX, MR), _gives_roles) as peer:
        listening = Listening(free_gb=free_gb, object_mb=object_mb)
        return fetch_study(NetworkSettings(peers=(peer,), listening=listening), peer.name, "", STUDY, folder)


def _gives_roles(entity: Any) -> None:
    for sop_class in (DX, MR):
        entity.add_supported_context(sop_class, scu_role=True, scp_role=True)


def lying(folder: Path) -> list[str]:
    assert not list(folder.glob(".*"))
    return sorted(str(dcmread(path).SOPInstanceUID) for path in folder.rglob("*.dcm"))


def test_a_series_comes_in_one_order(tmp_path: Path) -> None:
    came = fetch(tmp_path, lists(), gives(*map(film, UIDS)))
    assert (came.said.outcome, came.files, came.missing) == (Outcome.DONE, 3, 0)
    assert lying(tmp_path) == UIDS


def test_what_was_not_asked_for_is_not_taken(tmp_path: Path) -> None:
    came = fetch(tmp_path, lists(UIDS[:1]), gives(film("1.2.9.9"), film(UIDS[0])))
    assert (came.said.outcome, came.files) == (Outcome.DONE, 1)
    assert lying(tmp_path) == UIDS[:1]


def test_what_came_before_the_end_is_kept_and_the_rest_is_said_to_be_missing(tmp_path: Path) -> None:
    def breaks_off(event: evt.Event) -> Iterator[Any]:
        yield 3
        yield 0xFF00, film(UIDS[0])
        event.assoc.abort(block=False)
        yield 0xFF00, film(UIDS[1])

    came = fetch(tmp_path, lists(), breaks_off)
    assert (came.said.outcome, came.said.sentence) == (Outcome.FAILED, words.BROKEN_OFF)
    assert (came.files, came.missing) == (1, 2)
    assert lying(tmp_path) == UIDS[:1]
    came = fetch(tmp_path, lists(), gives(*map(film, UIDS)))
    assert (came.said.outcome, came.files, came.had) == (Outcome.DONE, 2, 1)
    assert lying(tmp_path) == UIDS


def test_an_object_that_is_too_large_is_refused_and_said(tmp_path: Path) -> None:
    came = fetch(tmp_path, lists(UIDS[:1]), gives(film(UIDS[0], 1024)))
    assert (came.said.outcome, came.files, came.missing) == (Outcome.FAILED, 0, 1)
    assert "An object has more than 1 MB." in came.said.sentence
    assert lying(tmp_path) == []


@pytest.mark.parametrize(
    ("last", "outcome", "sentence"),
    [(0xA701, Outcome.FAILED, "short of memory or disk"), (0xA900, Outcome.REFUSED, "does not understand")],
)
def test_a_retrieval_that_fails(last: int, outcome: Outcome, sentence: str, tmp_path: Path) -> None:
    came = fetch(tmp_path, lists(UIDS[:1]), gives(last=last))
    assert (came.said.outcome, came.files, came.missing) == (outcome, 0, 1)
    assert sentence in came.said.sentence


def test_a_system_that_says_that_it_sent_and_did_not(tmp_path: Path) -> None:
    came = fetch(tmp_path, lists(), gives(film(UIDS[0])))
    assert (came.said.outcome, came.files, came.missing) == (Outcome.PARTLY, 1, 2)
    assert words.SOME_MISSING in came.said.sentence


def test_kinds_that_are_not_read_are_not_asked_for(tmp_path: Path) -> None:
    came = fetch(tmp_path, lists(sop_class=MR), gives())
    assert (came.said.outcome, came.said.sentence, came.files) == (Outcome.DONE, words.NO_IMAGES, 0)


def test_a_system_that_hands_nothing_out_by_c_get(tmp_path: Path) -> None:
    with scp([(evt.EVT_C_FIND, lists())]) as peer:
        settings = NetworkSettings(peers=(peer,), listening=Listening(free_gb=0.1))
        assert fetch_study(settings, "odd", "", STUDY, tmp_path).said.sentence == words.NO_GET
    with scp([(evt.EVT_C_FIND, lists())], (*ALWAYS, GET)) as peer:
        settings = NetworkSettings(peers=(peer,), listening=Listening(free_gb=0.1))
        assert words.NO_KINDS in fetch_study(settings, "odd", "", STUDY, tmp_path).said.sentence


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    peer = Peer(name="odd", ae_title="ODD", host="127.0.0.1", port=1)
    came = fetch_study(NetworkSettings(peers=(peer,)), "odd", "", STUDY, tmp_path / "file" / "incoming")
    assert came.said.outcome is Outcome.FAILED
    assert "incoming folder" in came.said.sentence
