"""The node over TLS: only who shows a certificate of its authority is heard; against DCMTK."""

from __future__ import annotations

import contextlib
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from squid_core.contracts.network import NodeEventKind
from squid_core.network.configuration import Tls
from squid_core.network.node import BAD_CERTIFICATE
from tests.network.nodes import AET, CALLER, connected, digest, running_node, until
from tests.network.peers import LOOPBACK, run
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes


@dataclass(frozen=True)
class Shown:
    """What one end shows, as PEM files."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates for an hour."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = self._sign(self._name, self._key.public_key(), is_authority=True)
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str) -> Shown:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        shown = Shown(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        signed = self._sign(subject, key.public_key(), is_authority=False)
        shown.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        shown.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
        return shown

    def _sign(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, *, is_authority: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(key)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + timedelta(hours=1))
        builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        return builder.sign(self._key, hashes.SHA256())


@dataclass(frozen=True)
class Place:
    """A hospital with an authority, and somebody else with one of the same kind."""

    tls: Tls
    authority: Path
    pacs: Shown
    stranger: Shown


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("certificates")
    hospital, elsewhere = Authority(folder, "hospital"), Authority(folder, "elsewhere")
    node = hospital.issue("node")
    tls = Tls(authority=str(hospital.file), certificate=str(node.certificate), key=str(node.key))
    return Place(tls, hospital.file, hospital.issue("pacs"), elsewhere.issue("stranger"))


def _shows(shown: Shown, place: Place) -> tuple[str | Path, ...]:
    return ("+tls", shown.key, shown.certificate, "+cf", place.authority, "-aet", CALLER, "-aec", AET)


def test_an_object_comes_over_tls(tmp_path: Path, place: Place) -> None:
    film = save(tmp_path, to_bytes(chest(phantom(600, 600))), "film")
    with running_node(tmp_path / "incoming", tls=place.tls) as node:
        sent = run("storescu", *_shows(place.pacs, place), LOOPBACK, str(node.port), film)
        assert sent.returncode == 0, sent.stderr
        until(lambda: len(node.whole()) == 1)
        assert digest(node.whole()[0]) == digest(film)
        assert node.count(NodeEventKind.REFUSED) == 0


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
@pytest.mark.parametrize("how", ["of another authority", "none", "no TLS", "TLS 1.1"])
def test_who_shows_no_certificate_of_the_authority_is_not_heard(tmp_path: Path, place: Place, how: str) -> None:
    with running_node(tmp_path, tls=place.tls) as node:
        if how == "of another authority":
            done = run("echoscu", *_shows(place.stranger, place), LOOPBACK, str(node.port))
        elif how == "none":
            anonymous = ("+tla", "+cf", place.authority, "-aet", CALLER, "-aec", AET)
            done = run("echoscu", *anonymous, LOOPBACK, str(node.port))
        elif how == "TLS 1.1":
            _old_hello(node.port)
            done = None
        else:
            done = run("echoscu", "-aet", CALLER, "-aec", AET, LOOPBACK, str(node.port))
        assert done is None or done.returncode != 0
        until(lambda: node.count(NodeEventKind.REFUSED) == 1)
        assert node.sentences(NodeEventKind.REFUSED) == {BAD_CERTIFICATE}
        assert run("echoscu", *_shows(place.pacs, place), LOOPBACK, str(node.port)).returncode == 0


def _old_hello(port: int) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with connected(port) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain)


def test_a_handshake_that_is_never_made_holds_up_nobody(
    tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("squid_core.network.node.REQUEST_SECONDS", 1.0)
    with running_node(tmp_path, tls=place.tls) as node:
        silent = [connected(node.port) for _ in range(5)]
        begun = time.monotonic()
        assert run("echoscu", *_shows(place.pacs, place), LOOPBACK, str(node.port)).returncode == 0
        assert time.monotonic() - begun < 4.0  # the five take as many seconds
        for one in silent:
            with contextlib.suppress(ConnectionError):
                assert one.recv(1) == b""  # closed
            one.close()
