from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from squid_core.contracts.errors import SquidError
from squid_core.network.configuration import (
    Caller,
    Listening,
    NetworkSettings,
    Peer,
    SendRule,
    address,
    ae_title,
    in_words,
    read_settings,
    settings_file,
    write_settings,
)

PACS = Peer(name="PACS", ae_title="PACS", host="10.0.0.5", port=104)


def test_nothing_listens_until_it_has_a_title_and_a_port_and_then_on_this_machine_only() -> None:
    assert not NetworkSettings().listening.wanted
    assert not Listening(port=11112).wanted
    assert not Listening(ae_title="SQUID").wanted
    chosen = Listening(ae_title="SQUID", port=11112)
    assert chosen.wanted
    assert chosen.host == "127.0.0.1"
    assert chosen.callers == ()


def test_it_is_kept_for_this_user_only_and_comes_back_as_it_was(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == NetworkSettings()
    caller = Caller(ae_title="MODALITY", address="10.0.0.0/24")
    kept = NetworkSettings(
        listening=Listening(ae_title="SQUID", port=11112, callers=(caller,)),
        peers=(PACS, Peer(name="Archive", dicomweb="https://archive/dicom-web", user="reader")),
        rules=(SendRule(peer="PACS"),),
        priors_from="Archive",
    )
    write_settings(kept, tmp_path / "home")
    assert read_settings(tmp_path / "home") == kept
    if sys.platform != "win32":
        assert stat.S_IMODE(settings_file(tmp_path / "home").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


@pytest.mark.parametrize("text", ["{", "[]", '{"peers": [{"name": "PACS"}]}', "[" * 100_000])
def test_a_damaged_file_is_said_and_nothing_is_assumed(tmp_path: Path, text: str) -> None:
    settings_file(tmp_path).write_text(text)
    with pytest.raises(SquidError, match="nothing is sent, fetched or listened to"):
        read_settings(tmp_path)


def test_a_system_that_is_not_configured_is_never_spoken_to() -> None:
    assert NetworkSettings(peers=(PACS,)).peer("PACS") is not None
    with pytest.raises(SquidError, match="No such system is configured"):
        NetworkSettings(peers=(PACS,)).peer("pacs")


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda: NetworkSettings(peers=(PACS, PACS)), "Two systems have the same name."),
        (lambda: NetworkSettings(rules=(SendRule(peer="PACS"),)), "A rule names a system that is not in the table."),
        (lambda: Peer(name="PACS"), "Give an AE title, a host and a port"),
        (lambda: Peer(name="PACS", ae_title="A" * 17, host="h", port=104), "An AE title has at most 16"),
        (lambda: Caller(ae_title="A", address="10.0.0.300"), "Name an IP address"),
    ],
)
def test_what_cannot_be_is_said_in_words(made: object, sentence: str) -> None:
    with pytest.raises(ValidationError) as error:
        made()  # type: ignore[operator]
    assert sentence in in_words(error.value)


def test_titles_and_addresses_are_written_as_they_are_compared() -> None:
    assert ae_title(" MODALITY 1 ") == "MODALITY 1"
    assert address("10.0.0.7") == "10.0.0.7"
    assert address("10.0.0.7/24") == "10.0.0.0/24"
    assert address("::1") == "::1"
    for wrong in ("A\\B", "A\nB", "Röntgen"):
        with pytest.raises(ValueError, match="AE title"):
            ae_title(wrong)
