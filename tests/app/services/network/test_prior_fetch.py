"""Earlier studies of who is on the screen: only where it is beyond doubt who that is, and once a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from app.domain.study import Study
from app.services.network import prior_fetch
from app.services.network.faults import PeerFaults
from app.services.network.fetch_desk import FetchDesk
from app.services.network.prior_fetch import MOST, PriorFetch, priors_of, question_about
from app.services.state.worklist_store import WorklistStore
from squid_core.contracts.network import Answer, FoundStudy
from squid_core.contracts.radiograph import Identity
from tests.app.samples import image
from tests.app.services.network.desks import DONE, SETTINGS, Room

WHO = Identity("1.1", patient_id="P7", patient_birth_date=date(1950, 4, 1), study_date=date(2026, 11, 30))


def found(uid: str, day: str, **other: str) -> FoundStudy:
    said = {"patient_id": "P7", "birth_date": "19500401", **other}
    return FoundStudy(uid, study_date=day, modalities=("CR",), **said)  # type: ignore[arg-type] # strings


def test_the_latest_few_of_the_same_patient() -> None:
    studies = [
        found("1.2", "20200101"),
        found("1.3", "20260101"),
        found("1.4", "20210101"),
        found("1.5", "20220101"),
        found("1.6", "20270101"),  # later than what is looked at
        found("1.7", "20250101", birth_date="19500402"),
        found("1.8", "20250101", patient_id="P8"),
        found("1.9", "20250101"),  # is here
        replace(found("1.10", "20250101"), modalities=("CT",)),
        found("1.11", ""),
    ]
    assert [one.study_instance_uid for one in priors_of(WHO, studies, {"1.9"})] == ["1.3", "1.5", "1.4"]
    assert MOST == 3


@pytest.mark.parametrize(
    "doubtful",
    [replace(WHO, patient_birth_date=None), replace(WHO, patient_id="anonymous"), replace(WHO, patient_id="P*")],
)
def test_nothing_is_asked_of_who_is_not_known_beyond_doubt(doubtful: Identity) -> None:
    assert question_about(doubtful) is None
    question = question_about(WHO)
    assert question is not None
    assert (question.patient_id, question.modalities) == ("P7", ("CR", "DX"))


def test_once_a_day_and_only_where_it_is_wanted(qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prior_fetch, "DWELL_MS", 10)
    store = WorklistStore()
    today = [date(2026, 11, 30)]
    fetching = FetchDesk(room.home, room.keeper, room.holder, room.messenger, room.courier)
    faults = PeerFaults(room.holder, room.notifier)
    desk = PriorFetch(room.keeper, fetching, room.holder, store, room.messenger, faults, room.courier, lambda: today[0])
    studies = [Study(uid, (replace(image(uid), identity=replace(WHO, study_instance_uid=uid)),)) for uid in ("a", "b")]
    desk.start()
    room.holder.update(study=studies[0])
    qtbot.wait(40)
    assert room.messenger.asked == []  # nobody is named from whom they come
    room.holder.update(network=SETTINGS.model_copy(update={"priors_from": "PACS"}))
    qtbot.waitUntil(lambda: room.messenger.names() == ["find"])
    room.messenger.answer(Answer(DONE, (found("1.2", "20200101"),)))
    qtbot.waitUntil(lambda: room.messenger.names() == ["find", "fetch_study"])
    assert room.messenger.asked[1][1][3] == "1.2"
    assert room.messenger.asked[1][1][5] == ("CR", "DX")
    room.holder.update(study=studies[1])  # the same patient
    qtbot.wait(40)
    assert len(room.messenger.asked) == 2
    today[0] = date(2026, 12, 1)
    room.holder.update(study=studies[0])
    qtbot.waitUntil(lambda: room.messenger.names()[2:] == ["find"])
    desk.close()
