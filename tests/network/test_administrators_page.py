"""docs/network.md is carried out as it is written: an administrator copies from it."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import textwrap
from pathlib import Path
from typing import Any

import pytest

from squid_core.network.configuration import Listening, NetworkSettings, Peer, Tls
from tests.network.peers import LOOPBACK, needs


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "network.md").read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    """What stands in the page to be copied, in order."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", page, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(text) for _, text in found]


def settings_of(page: str) -> dict[str, Any]:
    """The page's network.json."""
    (found,) = (one for one in map(json.loads, blocks(page, "json")) if "peers" in one)
    assert isinstance(found, dict)
    return found


def shaken(client: ssl.SSLContext, server: ssl.SSLContext, host: str) -> str:
    """The version of TLS that both sides come to, in memory.

    Raises:
        ssl.SSLError: they do not.
    """
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname=host)
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(6):
        for side in (asking, answering):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return str(answering.version())


def test_the_certificates_are_made_and_each_side_trusts_the_other(page: str, tmp_path: Path) -> None:
    needs("openssl")
    (script,) = (block for block in blocks(page, "sh") if block.startswith("openssl"))
    done = subprocess.run(["sh", "-e", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S607
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "squid.key").stat().st_mode & 0o077 == 0
    (stated,) = (one["tls"] for one in map(json.loads, blocks(page, "json")) if "tls" in one)
    ours = {name: str(tmp_path / Path(path).name) for name, path in Tls.model_validate(stated).model_dump().items()}
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_verify_locations(ours["authority"])
    server.load_cert_chain(ours["certificate"], ours["key"])
    client = ssl.create_default_context(cafile=ours["authority"])
    client.load_cert_chain(tmp_path / "pacs.pem", tmp_path / "pacs.key")
    for context in (server, client):
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 does
    assert shaken(client, server, LOOPBACK) == "TLSv1.3"
    assert shaken(client, server, "localhost") == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(client, server, "elsewhere")


def test_the_settings_are_understood_to_the_last_word(page: str) -> None:
    stated = settings_of(page)
    understood = NetworkSettings.model_validate(stated)
    assert understood.listening.wanted
    assert understood.peer("PACS").port
    assert stated["listening"].keys() <= Listening.model_fields.keys()
    assert all(peer.keys() <= Peer.model_fields.keys() for peer in stated["peers"])
    more = dict(re.findall(r"`\"(\w+)\": \"([^\"]+)\"`", page))
    assert Peer.model_validate(stated["peers"][0] | more).user == "squid"


def test_the_limits_are_those_of_the_node(page: str) -> None:
    table = page.partition("## Limits")[2].partition("\n## ")[0]
    stated = {name: float(value) for value, name in re.findall(r"\| ([\d.]+)[^|]*\| `(\w+)` \|", table)}
    assert len(stated) == 6
    assert stated == {name: getattr(Listening(), name) for name in stated}
