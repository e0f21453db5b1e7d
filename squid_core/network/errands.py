"""What the messenger runs: a child that speaks to other systems and listens to nothing.

Imported by the window's process too, to name these functions: all that speaks DICOM or HTTP is imported inside them.
Each may be ended at any point by ending its process, and leaves no half file that the next start does not sweep.
"""

from __future__ import annotations

from pathlib import Path

from squid_core.contracts.network import Answer, Fetched, Meant, Question, Said, Sent
from squid_core.network.configuration import NetworkSettings
from squid_core.processes.child import be_silent, limit_memory, yield_to_the_window

CHILD_DATA_BYTES = 1_800_000_000  # private memory of a messenger; one object at a time is held


def prepare_messenger() -> None:
    """Limit and silence this process."""
    limit_memory(CHILD_DATA_BYTES)
    yield_to_the_window()
    be_silent()


def try_peer(settings: NetworkSettings, peer: str, password: str) -> Said:
    """Whether a system answers: C-ECHO and a query of nothing, by DICOM, DICOMweb, or whichever it has.

    Raises:
        SquidError: no such system is configured.
    """
    from squid_core.network.query import tested

    return tested(settings, settings.peer(peer), password)


def find(settings: NetworkSettings, peer: str, password: str, question: Question, most: int = 500) -> Answer:
    """The studies that answer a question, newest first.

    Args:
        settings: what is configured.
        peer: name of the system.
        password: of its DICOMweb services; '' for none.
        question: what is asked for.
        most: studies that are taken; then it is told to stop.

    Raises:
        SquidError: no such system is configured.
    """
    from squid_core.network.query import found

    return found(settings, settings.peer(peer), password, question, most)


def fetch_study(
    settings: NetworkSettings,
    peer: str,
    password: str,
    study_instance_uid: str,
    incoming: Path,
    modalities: tuple[str, ...] = (),
) -> Fetched:
    """Have the images and presentation states of a study in the incoming folder; what lies there is not fetched again.

    Args:
        settings: what is configured.
        peer: name of the system.
        password: of its DICOMweb services; '' for none.
        study_instance_uid: which study.
        incoming: the folder.
        modalities: of the series that are wanted; empty for all. Presentation states come with them.

    Raises:
        SquidError: no such system is configured.
    """
    from squid_core.network.retrieve import fetched

    return fetched(settings, settings.peer(peer), password, study_instance_uid, incoming, modalities)


def identify(files: tuple[Path, ...]) -> tuple[Meant, ...]:
    """Whose objects files are, as they say themselves; before they are put in the outbox.

    Raises:
        SquidError: one of them cannot be read, or is no DICOM file that another system could take.
    """
    from squid_core.network.sending.sendable import sendable

    return tuple(sendable(file).meant for file in files)


def send_files(
    settings: NetworkSettings, peer: str, password: str, files: tuple[Path, ...], meant: tuple[Meant, ...] = ()
) -> Sent:
    """Send DICOM files as they are, by STOW-RS or C-STORE.

    Args:
        settings: what is configured.
        peer: name of the system.
        password: of its DICOMweb services; '' for none.
        files: where they lie; they are only read.
        meant: whose each is, as the outbox has it: a file that is another's is refused and not sent. Empty to send
            whatever they are.

    Raises:
        SquidError: no such system is configured or it is none that results go to, or a file of which nobody said whose
            it is cannot be sent.
    """
    from squid_core.network.sending.send import sent

    return sent(settings, settings.peer(peer), password, files, meant)
