"""Certificates for tests, made anew: an authority, a server's, one of another host, an old one, a client's."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

from squid_core.network.configuration import Tls

HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files in a folder: `authority` and `stranger` sign, `server`, `elsewhere`, `old` and `client` are signed."""

    folder: Path

    def tls(self, authority: str = "authority", shown: str = "") -> Tls:
        """As a peer is configured that trusts an authority and shows a certificate."""
        certificate, key = (str(self.folder / f"{shown}.{kind}") if shown else "" for kind in ("pem", "key"))
        return Tls(authority=str(self.folder / f"{authority}.pem"), certificate=certificate, key=key)

    def server(self, shown: str = "server", *, asks: bool = False) -> ssl.SSLContext:
        """As a server that shows a certificate, and asks for one or not."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{shown}.pem", self.folder / f"{shown}.key")
        if asks:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.folder / "authority.pem")
        return context


def make_certificates(folder: Path) -> Certificates:
    """All of them."""
    authority = _signed(folder, "authority", None, days=2)
    _signed(folder, "stranger", None, days=2)
    for name, host, days in (
        ("server", HERE, 2),
        ("elsewhere", x509.DNSName("elsewhere.example"), 2),
        ("old", HERE, -1),
        ("client", x509.DNSName("client.example"), 2),
    ):
        _signed(folder, name, authority, host, days)
    return Certificates(folder)


def _signed(
    folder: Path,
    name: str,
    authority: tuple[x509.Name, EllipticCurvePrivateKey] | None,
    host: x509.GeneralName = HERE,
    days: int = 2,
) -> tuple[x509.Name, EllipticCurvePrivateKey]:
    key = generate_private_key(SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signing = authority or (subject, key)
    ends = datetime.now(UTC) + timedelta(days=days)
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=10))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / f"{name}.pem").write_bytes(
        builder.sign(signing, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    (folder / f"{name}.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return subject, key
