"""Which systems there are, what this one listens to, and what happens by itself: one file, for window and command line.

Nothing is configured until somebody does so, and then nothing listens beyond this machine. Loads no pynetdicom. What is
secret stands in the system's key ring (`secrets`), never here.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import string
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from squid_core.contracts.errors import SquidError
from squid_core.files import TooLargeError, private_folder, read_plain, write_atomically
from squid_core.home import home_folder
from squid_core.policy import NETWORK, read_policy

FILE = "network.json"
INCOMING = "incoming"  # folder of what others have sent and what was fetched
LOOPBACK = "127.0.0.1"
MAX_FILE_BYTES = 1_000_000
AE_TITLE_MAX = 16


def ae_title(text: str) -> str:
    """An AE title without the padding (PS3.5 6.2: 16 characters at most, no backslash, no control character).

    Raises:
        ValueError: it is none.
    """
    title = text.strip(" ")
    if len(title) > AE_TITLE_MAX or any(c == "\\" or c not in string.printable or c in "\t\n\r\v\f" for c in title):
        raise ValueError("An AE title has at most 16 letters, digits or signs, and no backslash.")
    return title


def address(text: str) -> str:
    """An IP address or a network such as 10.0.0.0/24, as `ipaddress` writes it.

    Raises:
        ValueError: it is none.
    """
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False)).removesuffix("/32").removesuffix("/128")
    except ValueError as error:
        raise ValueError("Name an IP address, such as 10.0.0.5, or a network, such as 10.0.0.0/24.") from error


AETitle = Annotated[str, AfterValidator(ae_title)]
Address = Annotated[str, AfterValidator(address)]
Port = Annotated[int, Field(ge=0, le=65535)]  # 0 is none


class Role(StrEnum):
    """What another system is used for."""

    QUERY = "query"  # studies are looked for there, and fetched
    SEND = "send"  # results go there


class Retrieval(StrEnum):
    """How studies are fetched over DICOM (PS3.4 C.4.2 and C.4.3)."""

    GET = "get"  # on the same connection
    MOVE = "move"  # it connects to the node here, which must listen and be known there


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")  # a later version's file is read too


class Tls(_Frozen):
    """Certificates, as paths of PEM files.

    Attributes:
        authority: whose certificates are trusted; '' for those that the system trusts (a peer's only).
        certificate, key: what this end shows; '' for none (to a peer that does not ask for one).
    """

    authority: str = ""
    certificate: str = ""
    key: str = ""


class Peer(_Frozen):
    """Another system: a PACS, an archive, a workstation.

    Attributes:
        name: what users call it; unique.
        ae_title, host, port: of its DICOM node; port 0 where it has none.
        tls: of DICOM and of DICOMweb over https; None for DICOM without TLS.
        dicomweb: base URL of its DICOMweb services (PS3.18), such as https://pacs/dicom-web; '' where it has none.
            Where there is one, it is used before DICOM.
        user: for DICOMweb; its password is in the key ring. '' for none.
        roles: what it is used for.
    """

    name: str = Field(min_length=1, max_length=40)
    ae_title: AETitle = ""
    host: str = Field(default="", max_length=253)
    port: Port = 0
    tls: Tls | None = None
    dicomweb: str = Field(default="", max_length=500, pattern=r"^(https?://[^\s]+)?$")
    user: str = Field(default="", max_length=100)
    retrieval: Retrieval = Retrieval.GET
    roles: frozenset[Role] = frozenset(Role)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Peer:
        if not self.dicomweb and not (self.ae_title and self.host and self.port):
            raise ValueError("Give an AE title, a host and a port, or the address of its DICOMweb services.")
        return self


class Caller(_Frozen):
    """Who may connect to the node here.

    Attributes:
        ae_title: its calling AE title.
        address: it connects from this IP address or network.
    """

    ae_title: Annotated[AETitle, Field(min_length=1)]
    address: Address


class Listening(_Frozen):
    """The node here: what it is called, who may come, and how much of it.

    It listens once it has an AE title and a port, on this machine only unless `host` says otherwise.

    Attributes:
        callers: who may connect; nobody else.
        tls: asked of everybody, with a client certificate of the authority; None for no TLS.
        commitment: answers Storage Commitment requests (PS3.4 J).
        associations: at once. a_minute: begun in a minute by one address.
        object_mb: largest object that is taken. free_gb: kept free on the disk of the incoming folder.
        pdu_kb: largest PDU that is taken (PS3.8 D.1).
        idle_seconds: after which a connection that says nothing is closed.
    """

    ae_title: AETitle = ""
    port: Port = 0
    host: str = LOOPBACK
    callers: tuple[Caller, ...] = ()
    tls: Tls | None = None
    commitment: bool = False
    associations: int = Field(default=10, ge=1, le=100)
    a_minute: int = Field(default=120, ge=1, le=10_000)
    object_mb: int = Field(default=512, ge=1, le=4096)
    free_gb: float = Field(default=2.0, ge=0.1, le=1000)
    pdu_kb: int = Field(default=256, ge=16, le=1024)
    idle_seconds: int = Field(default=60, ge=5, le=3600)

    @property
    def wanted(self) -> bool:
        """Whether it is to listen."""
        return bool(self.ae_title and self.port)


class SendRule(_Frozen):
    """What is sent by itself.

    Attributes:
        peer: name of the system.
        kinds: of `ExportKind`, by value.
        only_read: of studies that a reader has judged or marked read; otherwise of every scored study.
    """

    peer: str
    kinds: tuple[Literal["sc", "sr", "seg", "gsps", "ko"], ...] = ("sr", "sc")
    only_read: bool = False


class Standing(_Frozen):
    """Studies of today that are asked for again and again, and fetched.

    Attributes:
        peer: name of the system.
        minutes: between two questions.
        modalities, body_part: as of `Question`.
    """

    peer: str
    minutes: int = Field(default=5, ge=1, le=1440)
    modalities: tuple[str, ...] = ("CR", "DX")
    body_part: str = Field(default="CHEST", max_length=16)


class NetworkSettings(_Frozen):
    """Everything that is configured of the network.

    Attributes:
        peers: in the order in which the user has put them.
        rules: what is sent by itself. standing: what is fetched by itself.
        priors_from: name of the peer from which earlier studies of the patient on the screen are fetched; '' for none.
    """

    listening: Listening = Listening()
    peers: tuple[Peer, ...] = Field(default=(), max_length=64)
    rules: tuple[SendRule, ...] = Field(default=(), max_length=64)
    standing: tuple[Standing, ...] = Field(default=(), max_length=16)
    priors_from: str = ""

    @model_validator(mode="after")
    def _names_mean_one_thing(self) -> NetworkSettings:
        names = [peer.name for peer in self.peers]
        if len(set(names)) < len(names):
            raise ValueError("Two systems have the same name.")
        named = {*(rule.peer for rule in self.rules), *(one.peer for one in self.standing), self.priors_from} - {""}
        if not named <= set(names):
            raise ValueError("A rule names a system that is not in the table.")
        return self

    @property
    def calling(self) -> str:
        """The AE title under which this program calls others."""
        return self.listening.ae_title or "SQUID"

    def peer(self, name: str) -> Peer:
        """A configured system.

        Raises:
            SquidError: there is none of that name; nothing is ever sent to or fetched from another.
        """
        for peer in self.peers:
            if peer.name == name:
                return peer
        known = ", ".join(peer.name for peer in self.peers) or "none"
        raise SquidError("No such system is configured.", f"Configured: {known}.")


def settings_file(home: Path | None = None) -> Path:
    """Where it stands: in the program's own folder, or another."""
    return (home or home_folder()) / FILE


def incoming_folder(home: Path | None = None) -> Path:
    """Where what comes over the network lies."""
    return (home or home_folder()) / INCOMING


def read_settings(home: Path | None = None, file: Path | None = None) -> NetworkSettings:
    """What is configured; nothing where there is no file. What this computer's policy says comes first.

    Args:
        home: the program's own folder.
        file: a file that is read instead, which must be there.

    Raises:
        SquidError: the file or the policy cannot be read or is damaged; nothing may be assumed of what it said. Or
            another file is named where the policy's are fixed.
    """
    try:
        policy = read_policy()
    except SquidError as error:
        advice = "Until it is mended nothing is sent, fetched or listened to. Tell your administrator."
        raise SquidError(error.title, advice, error.detail) from error
    fixed = network_of_policy(policy.fixed)
    if fixed is not None:
        if file is not None:
            advice = "Leave out --settings."
            raise SquidError("The network settings of this computer are set by your administrator.", advice)
        return fixed
    path = file or settings_file(home)
    try:
        with path.open("rb") as opened:
            text = opened.read(MAX_FILE_BYTES)
    except FileNotFoundError as error:
        if file is not None:
            raise SquidError("There is no such file of network settings.", "Name another with --settings.") from error
        return network_of_policy(policy.default) or NetworkSettings()
    except OSError as error:
        advice = "Look at its permissions; until then nothing is sent, fetched or listened to."
        raise SquidError("The network settings cannot be read.", advice, type(error).__name__) from error
    try:
        return NetworkSettings.model_validate(json.loads(text))
    except (ValueError, RecursionError) as error:
        said = in_words(error) if isinstance(error, ValidationError) else "It is no JSON."
        advice = f"{said} Mend or remove {path.name}; until then nothing is sent, fetched or listened to."
        raise SquidError("The network settings are damaged.", advice, type(error).__name__) from error


def network_of_policy(part: Mapping[str, object]) -> NetworkSettings | None:
    """What a part of a policy says of the network; None where it says nothing.

    Raises:
        SquidError: it is damaged.
    """
    if NETWORK not in part:
        return None
    try:
        return NetworkSettings.model_validate(part[NETWORK])
    except ValidationError as error:
        advice = (
            f"{in_words(error)} Until it is mended nothing is sent, fetched or listened to. Tell your administrator."
        )
        raise SquidError("The network settings in this computer's policy are damaged.", advice) from error


def write_settings(settings: NetworkSettings, home: Path | None = None) -> None:
    """Keep it, for this user only; what a later version has written there and this one does not know stays.

    Raises:
        SquidError: the file cannot be written.
    """
    path, before = settings_file(home), None
    with contextlib.suppress(OSError, ValueError, RecursionError, TooLargeError):
        before = json.loads(read_plain(path, MAX_FILE_BYTES))
    private_folder(path.parent)
    content = _with_unknown(settings.model_dump(mode="json"), before)
    write_atomically(path, json.dumps(content, indent=1).encode(), private=True)


def _with_unknown(new: Any, old: Any) -> Any:  # noqa: ANN401 - parts of a JSON file
    """What is written, with the keys of the file that were there and that no setting has; systems go by their name."""
    if isinstance(new, dict) and isinstance(old, dict):
        unknown = {key: value for key, value in old.items() if key not in new}
        return {**{key: _with_unknown(value, old.get(key)) for key, value in new.items()}, **unknown}
    if isinstance(new, list) and isinstance(old, list):
        named = {str(one.get("name")): one for one in old if isinstance(one, dict)}
        return [_with_unknown(one, named.get(str(one["name"]))) if _has_name(one) else one for one in new]
    return new


def _has_name(part: object) -> bool:
    return isinstance(part, dict) and "name" in part


def in_words(error: ValidationError) -> str:
    """What is wrong with a value, in our own sentence where there is one."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    said = str(first["msg"]).removeprefix("Value error, ")
    return said if first["type"] == "value_error" else f"{where}: {said}."
