"""What is said of other systems: every sentence of the model has its translation, dates are read as they are stated."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.domain.network import OutboxItem, OutboxPage
from app.ui.words.network_words import (
    MODEL_SENTENCES,
    SENT_KINDS,
    dicom_date,
    dicom_time,
    identity_of,
    next_try_words,
    outbox_words,
    wrong_words,
)
from squid_core.contracts.network import FoundStudy
from squid_core.export.request import ExportKind
from squid_core.network import configuration
from squid_core.network.configuration import Listening, SendRule


def test_every_sentence_of_the_model_is_known_here() -> None:
    tree = ast.parse(Path(configuration.__file__).read_text(encoding="utf-8"))
    raised = {
        node.exc.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and ast.unparse(node.exc.func) == "ValueError"
        if isinstance(node.exc.args[0], ast.Constant)
    }
    assert raised == set(MODEL_SENTENCES)


def test_whatever_a_rule_may_send_has_words_and_can_be_exported() -> None:
    assert set(SENT_KINDS) <= {kind.value for kind in ExportKind}
    every = SendRule.model_validate({"peer": "PACS", "kinds": tuple(SENT_KINDS)})
    assert set(every.kinds) == set(SENT_KINDS)


@pytest.mark.parametrize(("field", "value"), [("port", 99_999), ("ae_title", "A" * 17)])
def test_what_is_wrong_is_no_sentence_for_programmers(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as raised:
        Listening.model_validate({field: value})
    words = wrong_words(raised.value)
    assert words.endswith(".")
    assert "Input" not in words
    assert f"{field}:" not in words


@pytest.mark.parametrize(
    ("text", "day"),
    [("20261130", date(2026, 11, 30)), ("20261331", None), ("2026", None), ("", None), ("2026113x", None)],
)
def test_dates_are_read_as_stated(text: str, day: date | None) -> None:
    assert dicom_date(text) == day


@pytest.mark.parametrize(
    ("text", "at"), [("143712", time(14, 37)), ("1437", time(14, 37)), ("14", None), ("", None), ("9999", None)]
)
def test_times_are_read_as_stated(text: str, at: time | None) -> None:
    assert dicom_time(text) == at


def test_a_study_that_is_found_is_whose_it_says() -> None:
    who = identity_of(FoundStudy("1.2", "Wu, Mei", "P1", "19500114", "F", "20261130", modalities=("CR", "SR")))
    assert (who.patient_name, who.patient_id, who.patient_birth_date) == ("Wu, Mei", "P1", date(1950, 1, 14))
    assert (who.study_date, who.modality) == (date(2026, 11, 30), "CR, SR")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "now"), (20, "in less than a minute"), (60, "in 1 minute"), (240, "in 4 minutes"), (3600, "in 60 minutes")],
)
def test_the_next_try_is_said_in_words(seconds: int, words: str) -> None:
    now = datetime(2026, 11, 30, 23, 59, 50, tzinfo=UTC)
    item = OutboxItem(1, "PACS", "1.2", "P1", "sr", next_try=now + timedelta(seconds=seconds))
    assert next_try_words(item, now) == words


def test_one_is_not_said_as_many() -> None:
    said = outbox_words(OutboxPage(waiting=1, refused=1, sent=1, writing=1))
    assert said == (
        "1 image is being written. 1 object waits to be sent. "
        "1 object was not taken; it is not tried again unless you say so. 1 object was sent."
    )
