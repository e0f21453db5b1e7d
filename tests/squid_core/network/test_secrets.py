from __future__ import annotations

import keyring
import pytest
from keyring.backends import fail

from squid_core.contracts.errors import SquidError
from squid_core.network.configuration import Peer
from squid_core.network.secrets import forget, keep, password
from tests.squid_core.network.rings import FakeRing, LockedRing, OddRing

PEER = Peer(name="PACS", dicomweb="https://pacs.example:8443/dicom-web", user="reader")
SECRET = "correct horse"  # noqa: S105


def test_a_password_is_kept_and_forgotten() -> None:
    assert password(PEER) == ""
    keep(PEER, SECRET)
    assert password(PEER) == SECRET
    forget(PEER)
    forget(PEER)
    assert password(PEER) == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"dicomweb": "https://elsewhere.example/dicom-web"},
        {"dicomweb": "http://pacs.example:8443/dicom-web"},
        {"dicomweb": "https://pacs.example:9443/dicom-web"},
        {"user": "other"},
        {"user": ""},
    ],
)
def test_a_settings_file_that_names_another_address_or_user_gets_no_password(changed: dict[str, str]) -> None:
    keep(PEER, SECRET)
    assert password(PEER.model_copy(update=changed)) == ""
    assert password(PEER.model_copy(update={"name": "renamed", "dicomweb": f"{PEER.dicomweb}/v2"})) == SECRET


def test_no_ring_is_asked_for_a_system_without_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_keyring(LockedRing())
    for peer in (Peer(name="a", ae_title="A", host="h", port=104), PEER.model_copy(update={"user": ""})):
        assert password(peer) == ""
        forget(peer)
        with pytest.raises(SquidError, match="no user"):
            keep(peer, SECRET)


@pytest.mark.parametrize(
    ("ring", "said"),
    [(LockedRing(), "is locked"), (OddRing(), "does not answer"), (fail.Keyring(), "has no key ring")],  # type: ignore[no-untyped-call]
)
def test_a_ring_that_does_not_open_is_a_sentence_that_holds_no_secret(ring: object, said: str) -> None:
    keyring.set_keyring(ring)  # type: ignore[arg-type] # keyring's own types are narrower than its back ends
    for ask in (lambda: password(PEER), lambda: keep(PEER, SECRET)):
        with pytest.raises(SquidError) as caught:
            ask()
        assert isinstance(ring, OddRing) or said in caught.value.title
        told = f"{caught.value} {caught.value.detail}"
        assert SECRET not in told
        assert "pacs.example" not in told


def test_what_is_kept_stands_under_the_user_and_the_address(ring: FakeRing) -> None:
    keep(PEER, SECRET)
    assert ring.held == {("SQUID Viewer", "reader@https://pacs.example:8443"): SECRET}
