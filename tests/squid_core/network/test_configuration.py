from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

import squid_core.policy
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


def policy(content: object) -> None:
    """Give this computer a policy."""
    squid_core.policy.policy_file().write_text(json.dumps(content), encoding="utf-8")


def test_what_the_policy_fixes_is_what_counts_and_the_users_own_comes_back_without_it(tmp_path: Path) -> None:
    own, fixed = NetworkSettings(peers=(PACS,)), NetworkSettings(listening=Listening(ae_title="READING", port=11112))
    write_settings(own, tmp_path)
    policy({"fixed": {"network": fixed.model_dump(mode="json")}})
    assert read_settings(tmp_path) == fixed
    other = settings_file(tmp_path).rename(tmp_path / "other.json")
    with pytest.raises(SquidError, match="set by your administrator"):
        read_settings(tmp_path, other)
    other.rename(settings_file(tmp_path))
    squid_core.policy.policy_file().unlink()
    assert read_settings(tmp_path) == own


def test_a_policys_default_stands_until_somebody_configures_the_network(tmp_path: Path) -> None:
    default = NetworkSettings(peers=(PACS,))
    policy({"default": {"network": default.model_dump(mode="json")}})
    assert read_settings(tmp_path) == default
    write_settings(NetworkSettings(), tmp_path)
    assert read_settings(tmp_path) == NetworkSettings()


@pytest.mark.parametrize("content", ["{", '{"fixd": {}}', '{"fixed": {"network": {"listening": {"port": "any"}}}}'])
def test_while_the_policy_is_damaged_nothing_is_sent_fetched_or_listened_to(tmp_path: Path, content: str) -> None:
    write_settings(NetworkSettings(peers=(PACS,)), tmp_path)
    squid_core.policy.policy_file().write_text(content, encoding="utf-8")
    with pytest.raises(SquidError, match="policy") as caught:
        read_settings(tmp_path)
    assert "nothing is sent, fetched or listened to" in str(caught.value)


def test_what_a_later_version_has_written_is_not_lost_when_this_one_writes(tmp_path: Path) -> None:
    later = {
        "quantum": {"on": True},
        "listening": {"ae_title": "SQUID", "port": 11112, "http3": 443},
        "peers": [
            {"name": "Old", "ae_title": "OLD", "host": "10.0.0.9", "port": 104, "colour": "blue"},
            {"name": "PACS", "ae_title": "PACS", "host": "10.0.0.5", "port": 104, "colour": "red"},
        ],
    }
    settings_file(tmp_path).write_text(json.dumps(later))
    settings = read_settings(tmp_path)
    write_settings(settings.model_copy(update={"peers": settings.peers[1:]}), tmp_path)
    kept = json.loads(settings_file(tmp_path).read_text())
    assert kept["quantum"] == {"on": True}
    assert kept["listening"]["http3"] == 443
    assert [(peer["name"], peer["colour"]) for peer in kept["peers"]] == [("PACS", "red")]
