"""docs/network.md is carried out as it is written: an administrator copies from it."""

from __future__ import annotations

import ast
import io
import json
import re
import signal
import ssl
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import keyring
import pytest

from squid_core.network.configuration import Listening, NetworkSettings, Peer, Tls, incoming_folder, write_settings
from tests.documents.pages import CERTIFICATES, NODE, PACS, blocks, given_to
from tests.documents.stand_ins import begun_and_stopped, carried_out, films
from tests.network.peers import DICOMWEB_PLUGIN, LOOPBACK, free_port, listens, needs, run, running
from tests.network.squid import squid_node
from tests.squid_core.dicom.phantoms import chest, phantom, save


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "network.md").read_text(encoding="utf-8")


def settings_of(page: str) -> dict[str, Any]:
    """The page's network.json."""
    (found,) = (one for one in map(json.loads, blocks(page, "json")) if "peers" in one)
    assert isinstance(found, dict)
    return found


def more_of_the_peer(page: str) -> dict[str, str]:
    """What the page says of a peer with DICOMweb."""
    return dict(re.findall(r"`\"(\w+)\": \"([^\"]+)\"`", page))


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


@pytest.fixture(scope="module")
def certificates(page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the page's commands were carried out."""
    needs("openssl")
    folder = tmp_path_factory.mktemp("certificates")
    for command in given_to(CERTIFICATES):
        carried_out(command, folder)
    return folder


def tls_of(page: str, certificates: Path) -> Tls:
    """The page's TLS, with the certificates that lie in the folder."""
    (stated,) = (one["tls"] for one in map(json.loads, blocks(page, "json")) if "tls" in one)
    assert stated.keys() <= Tls.model_fields.keys()
    return Tls(**{name: str(certificates / Path(path).name) for name, path in stated.items()})


def test_the_certificates_are_made_and_each_side_trusts_the_other(page: str, certificates: Path) -> None:
    assert (certificates / "squid.key").stat().st_mode & 0o077 == 0
    ours = tls_of(page, certificates)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_verify_locations(ours.authority)
    server.load_cert_chain(ours.certificate, ours.key)
    client = ssl.create_default_context(cafile=ours.authority)
    client.load_cert_chain(certificates / "pacs.pem", certificates / "pacs.key")
    for context in (server, client):
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 does
    assert shaken(client, server, LOOPBACK) == "TLSv1.3"
    assert shaken(client, server, "localhost") == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(client, server, "elsewhere")


def on_ports(text: str, **ports: int) -> str:
    """The page's ports exchanged for those of the test."""
    for stated, port in ports.items():
        text = re.sub(rf"\b{stated.lstrip('p')}\b", str(port), text)
    return text


def test_orthanc_and_this_program_find_each_other(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And so do the commands of the other pages that need a PACS."""
    ports = {"p4242": free_port(), "p8042": free_port(), "p11112": free_port()}
    orthanc = next(one for one in map(json.loads, blocks(on_ports(page, **ports), "json")) if "DicomAet" in one)
    assert Path(*orthanc["Plugins"]) == DICOMWEB_PLUGIN
    lies_in = {name: str(tmp_path / "storage") for name in ("StorageDirectory", "IndexDirectory")}
    (tmp_path / "orthanc.json").write_text(json.dumps(orthanc | lies_in))
    for name in ("SQUID_VIEWER_HOME", "XDG_DATA_HOME"):  # the page names the folder that it is without them
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    write_settings(NetworkSettings.model_validate(settings_of(on_ports(page, **ports))))
    assert incoming_folder().is_relative_to(Path("~/.local/share/squid-viewer").expanduser())
    film = films(tmp_path / "films", 1, StudyDate=f"{date.today():%Y%m%d}") / "film0.dcm"  # noqa: DTZ011

    def fetched() -> bool:
        return "here" in (tmp_path / "said").read_text()

    with running(["Orthanc", str(tmp_path / "orthanc.json")], ports["p4242"]):
        assert run("storescu", "-aec", "ORTHANC", LOOPBACK, str(ports["p4242"]), film).returncode == 0
        for command in {one.bare: one for one in (*given_to(PACS, "docs/network.md"), *given_to(PACS))}.values():
            if command.bare == "squid node":
                at_work = partial(listens, ports["p11112"])
                assert begun_and_stopped(command, tmp_path, at_work=at_work, by=signal.SIGINT) == 0
            elif "--every" in command.words:
                assert begun_and_stopped(command, tmp_path, at_work=fetched, by=signal.SIGINT) == 0
            elif "--password" not in command.words:
                carried_out(command, tmp_path)
    assert "1 files: 1 scored" in capsys.readouterr().out
    assert len(list(incoming_folder().rglob("*.dcm"))) == 1


def test_a_password_is_kept_in_the_key_ring(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ring: dict[str, str] = {}
    monkeypatch.setattr(keyring, "set_password", lambda service, entry, secret: ring.update({entry: secret}))
    monkeypatch.setattr(sys, "stdin", io.StringIO("open sesame\n"))
    stated = settings_of(page)
    stated["peers"][0] |= more_of_the_peer(page)
    write_settings(NetworkSettings.model_validate(stated))
    (command,) = (one for one in given_to(PACS) if "--password" in one.words)
    carried_out(command, Path.cwd())
    assert [*ring.values()] == ["open sesame"]


def test_others_reach_the_node_with_tls_and_only_with_it_where_it_is_asked_for(
    page: str, certificates: Path, tmp_path: Path
) -> None:
    port = free_port()
    film = save(tmp_path, chest(phantom(64, 64)), "film.dcm")
    typed = [on_ports(command.bare, p11112=port).split() for command in given_to(NODE)]
    plain, store, secure = sorted(typed, key=lambda words: ("+tls" in words, words[0]))
    secure = [str(certificates / word) if (certificates / word).is_file() else word for word in secure]
    settings = NetworkSettings.model_validate(settings_of(on_ports(page, p11112=port)))
    write_settings(settings)
    with squid_node(port, tmp_path / "said"):
        assert run(*plain).returncode == 0
        assert run(*store[:-1], film).returncode == 0
    tls = tls_of(page, certificates)
    write_settings(settings.model_copy(update={"listening": settings.listening.model_copy(update={"tls": tls})}))
    with squid_node(port, tmp_path / "said"):
        assert run(*secure).returncode == 0
        assert run(*plain).returncode != 0


def test_the_settings_are_understood_to_the_last_word(page: str) -> None:
    stated = settings_of(page)
    understood = NetworkSettings.model_validate(stated)
    assert understood.listening.wanted
    assert understood.peer("PACS").port
    assert stated["listening"].keys() <= Listening.model_fields.keys()
    assert all(peer.keys() <= Peer.model_fields.keys() for peer in stated["peers"])
    assert Peer.model_validate(stated["peers"][0] | more_of_the_peer(page)).user == "squid"


def test_the_limits_are_those_of_the_node(page: str) -> None:
    table = page.partition("## Limits")[2].partition("\n## ")[0]
    stated = {name: float(value) for value, name in re.findall(r"\| ([\d.]+)[^|]*\| `(\w+)` \|", table)}
    assert len(stated) == 6
    assert stated == {name: getattr(Listening(), name) for name in stated}


def test_the_sentences_to_look_for_are_those_that_are_said(page: str, repository: Path) -> None:
    table = page.partition("## When it does not work")[2]
    stated = re.findall(r"^\| ([^|]+\.) \|", table, re.MULTILINE)
    assert len(stated) > 8
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in (repository / "squid_core/network").rglob("*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    said = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [sentence for sentence in stated if not any(sentence in one for one in said)] == []
