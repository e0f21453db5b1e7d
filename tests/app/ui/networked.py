"""Made-up systems, answers and outboxes, and the dialogs that show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from PySide6.QtWidgets import QApplication, QWidget

from app.domain.network import (
    Fetching,
    FetchItem,
    FetchState,
    NodeState,
    NodeStatus,
    OutboxItem,
    OutboxPage,
    PeerTest,
    QueryPage,
)
from app.domain.session import Session
from app.domain.settings import Settings
from app.ui.dialogs.outbox import OutboxDialog
from app.ui.dialogs.query import QueryDialog
from app.ui.preferences.dialog import SettingsDialog
from app.ui.preferences.network import NetworkGroup
from app.ui.preferences.system_form import SystemForm
from app.ui.wishes import Wishes
from squid_core.contracts.network import FoundStudy, Outcome, Question, Said
from squid_core.network import words
from squid_core.network.configuration import (
    Caller,
    Listening,
    NetworkSettings,
    Peer,
    Role,
    SendRule,
    Standing,
    Tls,
)
from squid_core.network.sending.answers import NO_SUCH_KIND

SHOWN = ("network", "network_fault", "node", "peers_tested", "peer_faults", "elsewhere", "fetching", "outbox")
NETWORK = NetworkSettings(
    listening=Listening(
        ae_title="SQUID",
        port=11112,
        host="0.0.0.0",  # noqa: S104 - nothing listens
        callers=(Caller(ae_title="PACS", address="10.0.0.5"), Caller(ae_title="DX_ROOM_1", address="10.0.7.0/24")),
    ),
    peers=(
        Peer(name="PACS", ae_title="PACS", host="pacs.example.org", port=11112, tls=Tls(authority="/etc/squid/ca.pem")),
        Peer(
            name="Archive",
            dicomweb="https://archive.example.org/dicom-web",
            user="squid",
            roles=frozenset((Role.QUERY,)),
        ),
    ),
    rules=(SendRule(peer="PACS", kinds=("sr", "sc")),),
    standing=(Standing(peer="PACS"),),
    priors_from="Archive",
)
NAMES = ("Lindqvist, Astrid", "Okafor, Chidi", "Hartmann, Emil", "Wu, Mei-Ling", "Silva, Joana", "Brown, Tom")
STUDIES = tuple(
    FoundStudy(
        f"1.2.3.{number}",
        NAMES[number % len(NAMES)],
        f"P{number:04d}",
        birth_date=f"19{50 + number}0{1 + number % 9}14",
        sex="FM"[number % 2],
        study_date="20261130",
        study_time=f"{14 - number:02d}{37 - number:02d}12",
        accession_number=f"A{118_200 + number}",
        description=("Chest PA", "Chest PA and lateral", "Thorax p.a. im Stehen, Verlaufskontrolle nach Drainage")[
            number % 3
        ],
        modalities=("DX",) if number % 3 else ("CR", "SR"),
        body_part="CHEST",
        instances=1 + number % 3,
    )
    for number in range(9)
)
FOUND = QueryPage("PACS", Question(), Said(Outcome.DONE, "9 studies."), STUDIES)
CONFIGURED = Session(network=NETWORK, node=NodeStatus(NodeState.LISTENING, received=212, refused=3))
FETCHING = Fetching(
    (
        FetchItem("PACS", "1.2.3.1", FetchState.DONE, files=2),
        FetchItem("PACS", "1.2.3.2", FetchState.FETCHING, files=1),
        FetchItem("PACS", "1.2.3.4", FetchState.WAITING),
    )
)
OVER = Fetching(
    (
        FetchItem("PACS", "1.2.3.1", FetchState.DONE, files=2),
        FetchItem("PACS", "1.2.3.2", FetchState.FAILED, files=1, sentence=words.BROKEN_OFF),
    )
)
NOT_KNOWN = "The called AE title is not known there. Compare the AE title with the one that its administrator names."
REFUSED = Said(Outcome.REFUSED, NOT_KNOWN, "A-ASSOCIATE-RJ 1 1 7")
QUERIES = {
    "empty": Session(),
    "first": CONFIGURED,
    "range": replace(
        CONFIGURED, elsewhere=replace(FOUND, question=Question(date(2026, 11, 2), date(2026, 11, 9), ("CR", "DX")))
    ),
    "asking": replace(CONFIGURED, elsewhere=QueryPage("PACS")),
    "found": replace(CONFIGURED, elsewhere=FOUND),
    "nothing": replace(CONFIGURED, elsewhere=QueryPage("PACS", said=Said(Outcome.DONE, "Nothing."))),
    "masked": replace(CONFIGURED, elsewhere=FOUND, mask_names=True, mask_key="of these pictures"),
    "fetching": replace(CONFIGURED, elsewhere=FOUND, fetching=FETCHING),
    "failed": replace(CONFIGURED, elsewhere=QueryPage("PACS", said=REFUSED)),
    "partly": replace(
        CONFIGURED, elsewhere=replace(FOUND, said=Said(Outcome.DONE, words.MORE), more=True), fetching=OVER
    ),
}
WAITING = replace(
    CONFIGURED,
    peer_faults={"PACS": words.CLOSED_PORT},
    peers_tested=(PeerTest("Archive", Said(Outcome.DONE, words.WORKS)),),
    outbox=OutboxPage(
        items=tuple(
            OutboxItem(
                number,
                "PACS",
                f"1.2.3.{number}",
                f"P{number:04d}",
                kind,
                refused=number == 3,
                tries=(0, 2, 2, 1)[number],
                next_try=datetime.now(UTC) + timedelta(minutes=4) if number in (1, 2) else None,
                sentence=(
                    "",
                    words.CLOSED_PORT,
                    words.CLOSED_PORT,
                    NO_SUCH_KIND,
                )[number],
            )
            for number, kind in enumerate(("sr", "sc", "seg", "gsps"))
        ),
        waiting=3,
        refused=1,
        sent=118,
    ),
)
FAULT = replace(
    CONFIGURED,
    node=NodeStatus(NodeState.FAULT, "The port is taken by another program. End that program, or choose another port."),
)


def fields(session: Session) -> dict[str, object]:
    """What a session holds of the network."""
    return {name: getattr(session, name) for name in SHOWN}


def is_here(uid: str) -> bool:
    """The worklist has two of them."""
    return uid in ("1.2.3.0", "1.2.3.3")


def query_dialog(window: QWidget, session: Session) -> QueryDialog:
    dialog = QueryDialog(Wishes(), is_here, window)
    dialog.render_session(None, session)
    dialog.table.begin()
    return dialog


def outbox_dialog(window: QWidget, session: Session) -> OutboxDialog:
    dialog = OutboxDialog(Wishes(), lambda _: None, window)
    dialog.render_session(None, session)
    return dialog


def settings_dialog(window: QWidget, session: Session = WAITING) -> SettingsDialog:
    network = NetworkGroup(Wishes())
    network.render_session(None, session)
    dialog = SettingsDialog(Settings(), None, window, network)
    dialog.show()
    QApplication.processEvents()
    dialog.go_to_network()
    return dialog


def wrong_form(window: QWidget) -> SystemForm:
    form = SystemForm(NETWORK, "", window)
    form.name.setText("Workstation 2")
    form.accept()
    return form
