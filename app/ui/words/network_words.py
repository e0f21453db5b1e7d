"""Other systems in the words of the window: what they are called, what came of an errand, what waits. Plain text."""

from __future__ import annotations

from datetime import date, datetime, time

from pydantic import ValidationError

from app.domain.network import Fetching, FetchItem, FetchState, NodeState, NodeStatus, OutboxItem, OutboxPage
from app.domain.session import Session
from app.i18n.language import QT_TR_NOOP, join, say, tr
from squid_core.contracts.network import FoundStudy
from squid_core.contracts.radiograph import Identity
from squid_core.network.configuration import LOOPBACK, Listening, NetworkSettings, Peer, Role, in_words

# What can be sent, by value of `ExportKind`: what it is called here, and in DICOM.
SENT_KINDS = {
    "sr": QT_TR_NOOP("Report (SR)"),
    "sc": QT_TR_NOOP("Picture of the panes (SC)"),
    "seg": QT_TR_NOOP("Unusual regions (SEG)"),
    "gsps": QT_TR_NOOP("Window and marks (GSPS)"),
    "ko": QT_TR_NOOP("Key images (KO)"),
}
NOTHING_CONFIGURED = QT_TR_NOOP(
    "No system is set up yet. Name your PACS once, with its address, and this program can ask it for studies."
)
NOWHERE_TO_SEND = QT_TR_NOOP("No system is set up that results can be sent to.")
# What is wrong with a field of a form, where the model's own sentence would be one for programmers.
_WRONG = {
    "name": QT_TR_NOOP("Give the system a name of at most 40 letters."),
    "host": QT_TR_NOOP("The name or address of the machine is too long."),
    "port": QT_TR_NOOP("A port is a number from 1 to 65535."),
    "dicomweb": QT_TR_NOOP("The address of DICOMweb services begins with http:// or https:// and has no spaces."),
    "user": QT_TR_NOOP("The user's name is too long."),
    "ae_title": QT_TR_NOOP("Give an AE title."),
    "body_part": QT_TR_NOOP("A part of the body has at most 16 letters."),
}
# What the model says itself (`squid_core/network/configuration.py`).
MODEL_SENTENCES = (
    QT_TR_NOOP("An AE title has at most 16 letters, digits or signs, and no backslash."),
    QT_TR_NOOP("Name an IP address, such as 10.0.0.5, or a network, such as 10.0.0.0/24."),
    QT_TR_NOOP("Give an AE title, a host and a port, or the address of its DICOMweb services."),
    QT_TR_NOOP("Two systems have the same name."),
    QT_TR_NOOP("A rule names a system that is not in the table."),
)


def wrong_words(error: ValidationError) -> str:
    """What is wrong with what was typed."""
    first = error.errors()[0]
    field = str(first["loc"][-1]) if first["loc"] else ""
    said = in_words(error) if first["type"] == "value_error" else _WRONG.get(field, in_words(error))
    return tr(said)


def address_words(peer: Peer) -> str:
    """Where a system is reached."""
    return peer.dicomweb or f"{peer.host}:{peer.port}"


def role_words(peer: Peer) -> str:
    """What a system is used for."""
    words = {Role.QUERY: tr("query"), Role.SEND: tr("send")}
    return tr(", ").join(words[role] for role in Role if role in peer.roles) or tr("nothing")


def automatic_words(peer: Peer, settings: NetworkSettings) -> str:
    """What happens with a system by itself; '' for nothing."""
    said = []
    for rule in settings.rules:
        if rule.peer == peer.name:
            kinds = tr(", ").join(kind.upper() for kind in rule.kinds)
            words = tr("{kinds} of every read study go there.") if rule.only_read else None
            said.append((words or tr("{kinds} of every scored study go there.")).format(kinds=kinds))
    for standing in settings.standing:
        if standing.peer == peer.name:
            every = tr("Today's studies are fetched every minute.")
            if standing.minutes > 1:
                every = tr("Today's studies are fetched every {minutes} minutes.").format(minutes=standing.minutes)
            said.append(every)
    if settings.priors_from == peer.name:
        said.append(tr("Earlier studies of the open patient are fetched."))
    return join(said)


def calling_words(settings: NetworkSettings) -> str:
    """What other systems call this program."""
    words = tr("To other systems this program is {title} (its AE title); a PACS may have to be told.")
    return words.format(title=settings.calling)


def node_words(node: NodeStatus, listening: Listening) -> str:
    """What the node here does."""
    if not listening.wanted:
        return tr("Off: nothing listens, and no other system can connect.")
    place = tr("on this machine only") if listening.host == LOOPBACK else tr("on all addresses of this machine")
    words = {
        NodeState.OFF: tr("{title} is set up to listen on port {port}, {place}."),
        NodeState.STARTING: tr("{title} is about to listen on port {port}, {place}."),
        NodeState.LISTENING: tr("{title} listens on port {port}, {place}."),
        NodeState.FAULT: tr("{title} does not listen on port {port}."),
    }[node.state]
    said = [words.format(title=listening.ae_title, port=listening.port, place=place), say(node.sentence)]
    if not listening.callers:
        said.append(tr("Nobody may connect yet: no system is on the list of those who may."))
    if node.received or node.refused:
        counts = tr("{received} objects came in, {refused} were refused.")
        said.append(counts.format(received=node.received, refused=node.refused))
    return join(said)


def dicom_date(text: str) -> date | None:
    """YYYYMMDD; None where it is none."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == len("YYYYMMDD") else None
    except ValueError:
        return None


def dicom_time(text: str) -> time | None:
    """HHMMSS or HHMM; None where it is none."""
    try:
        return time(int(text[:2]), int(text[2:4]))
    except ValueError:
        return None


def identity_of(found: FoundStudy) -> Identity:
    """Of a study that another system has, so that it is shown and masked as every other."""
    return Identity(
        found.study_instance_uid,
        patient_name=found.patient_name,
        patient_id=found.patient_id,
        patient_birth_date=dicom_date(found.birth_date),
        patient_sex=found.sex,
        study_date=dicom_date(found.study_date),
        accession_number=found.accession_number,
        study_description=found.description,
        modality=", ".join(found.modalities),
        body_part=found.body_part,
    )


def fetch_words(item: FetchItem | None, *, here: bool) -> str:
    """How far a study that was found has come; '' where it is neither here nor on its way."""
    if item is None or (item.state is FetchState.DONE and here):
        return tr("here already") if here else ""
    return {
        FetchState.WAITING: tr("waits"),
        FetchState.FETCHING: _counted(item.files, tr("1 file here"), tr("{count} files here")),
        FetchState.DONE: tr("fetched"),
        FetchState.PARTLY: tr("not whole"),
        FetchState.FAILED: tr("failed"),
        FetchState.CANCELLED: tr("stopped"),
    }[item.state]


def fetching_words(fetching: Fetching) -> str:
    """How far all of them are, and what is wrong with the first that did not come whole; '' for none."""
    if not fetching.total:
        return ""
    if fetching.running:
        words = tr("Fetching study {number} of {total}…")
        return words.format(number=fetching.done + 1, total=fetching.total)
    whole = sum(item.state is FetchState.DONE for item in fetching.items)
    one = tr("1 study was fetched; it comes into the worklist by itself.")
    many = tr("{count} studies were fetched; they come into the worklist by themselves.")
    said = [_counted(whole, one, many)] if whole else []
    if stopped := sum(item.state is FetchState.CANCELLED for item in fetching.items):
        one = tr("Stopped: 1 study is not here. To fetch it again goes on where it stopped.")
        many = tr("Stopped: {count} studies are not here. To fetch them again goes on where it stopped.")
        said.append(_counted(stopped, one, many))
    faults = [item for item in fetching.items if item.state in (FetchState.PARTLY, FetchState.FAILED)]
    if faults:
        words = tr("{count} of {total} studies did not come whole.").format(count=len(faults), total=fetching.total)
        said += [words, say(faults[0].sentence)]
    return join(said)


def next_try_words(item: OutboxItem, now: datetime) -> str:
    """When an object in the outbox is tried again."""
    if item.refused:
        return tr("not by itself")
    if item.next_try is None or item.next_try <= now:
        return tr("now")
    minutes = round((item.next_try - now).total_seconds() / 60)
    words = _counted(minutes, tr("in 1 minute"), tr("in {count} minutes"))
    return words if minutes else tr("in less than a minute")


def _counted(count: int, one: str, many: str) -> str:
    """Words for one, or for another number of them."""
    return one if count == 1 else many.format(count=count)


def outbox_words(outbox: OutboxPage) -> str:
    """What is in the outbox, in a sentence."""
    said = []
    if outbox.writing:
        one, many = tr("1 image is being written."), tr("{count} images are being written.")
        said.append(_counted(outbox.writing, one, many))
    if outbox.waiting:
        one, many = tr("1 object waits to be sent."), tr("{count} objects wait to be sent.")
        if outbox.sending:
            one, many = tr("1 object is being sent."), tr("{count} objects are being sent.")
        said.append(_counted(outbox.waiting, one, many))
    if outbox.refused:
        one = tr("1 object was not taken; it is not tried again unless you say so.")
        many = tr("{count} objects were not taken; they are not tried again unless you say so.")
        said.append(_counted(outbox.refused, one, many))
    if not said:
        said.append(tr("Nothing waits to be sent."))
    if outbox.sent:
        said.append(_counted(outbox.sent, tr("1 object was sent."), tr("{count} objects were sent.")))
    return join(said)


def network_line(session: Session) -> tuple[str, str, bool]:
    """For the footer: a few words, the whole of it in sentences, and whether something is wrong; '' for nothing."""
    node, outbox, fetching = session.node, session.outbox, session.fetching
    wanted = session.network.listening.wanted
    if session.network_fault:
        return tr("Network settings"), say(session.network_fault), True
    faults = [f"{name}: {say(sentence)}" for name, sentence in session.peer_faults.items()]
    sentences = [node_words(node, session.network.listening)] if wanted else []
    if outbox.waiting or outbox.refused or outbox.writing:
        sentences.append(outbox_words(outbox))
    tip = join((*sentences, *faults))
    if wanted and node.state is NodeState.FAULT:
        return tr("Node is down"), tip, True
    if fetching.running:
        words = tr("Fetching {number} of {total}")
        return (
            words.format(number=fetching.done + 1, total=fetching.total),
            join((fetching_words(fetching), tip)),
            False,
        )
    if outbox.running:
        return tr("Sending {count}").format(count=outbox.waiting + outbox.writing), tip, False
    if outbox.refused:
        return tr("{count} not sent").format(count=outbox.refused), tip, True
    if faults:
        return tr("Network"), tip, True
    if outbox.waiting:
        return tr("{count} to be sent").format(count=outbox.waiting), tip, False
    if wanted:
        return (tr("Listening") if node.state is NodeState.LISTENING else tr("Node starts")), tip, False
    return "", "", False
