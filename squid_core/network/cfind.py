"""Questions over DICOM: C-FIND in the Study Root model (PS3.4 C.6.2), and C-ECHO."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pynetdicom.association import Association
from pynetdicom.presentation import PresentationContext, build_context
from pynetdicom.sop_class import (  # type: ignore[attr-defined] # pynetdicom makes these names
    SecondaryCaptureImageStorage,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
    Verification,
)

from squid_core.contracts.network import FoundStudy, Outcome, Question, Said
from squid_core.dicom.header.charsets import encodings_of
from squid_core.dicom.header.values import CONVERSION_ERRORS, values
from squid_core.dicom.leniency import lenient
from squid_core.network import words
from squid_core.network.catalogue import (
    INSTANCE_KEYS,
    MOST_INSTANCES,
    MOST_SERIES,
    NOBODY,
    SERIES_KEYS,
    STUDY_KEYS,
    FoundInstance,
    FoundSeries,
    instance_of,
    matching,
    series_of,
    study_of,
)
from squid_core.network.configuration import NetworkSettings, Peer, Retrieval, Role
from squid_core.network.reach import associated, broken_off
from squid_core.network.words import PeerError

T = TypeVar("T")

FIND = str(StudyRootQueryRetrieveInformationModelFind)
GET = str(StudyRootQueryRetrieveInformationModelGet)
MOVE = str(StudyRootQueryRetrieveInformationModelMove)
_PENDING, _CANCELLED = (0xFF00, 0xFF01), 0xFE00
_AFTER_CANCEL = 20.0  # s in which answers are passed over until it has heard that it is to stop


class DicomCatalogue:
    """See `Catalogue`. The association has a context for FIND."""

    def __init__(self, association: Association) -> None:
        self._association = association
        self._message = 0

    def studies(self, question: Question, modality: str, most: int) -> tuple[list[FoundStudy], bool]:
        """See `Catalogue`."""
        keys = dict.fromkeys(STUDY_KEYS, "") | matching(question, modality)
        return self._ask("STUDY", keys, study_of, most)

    def series(self, study: str) -> list[FoundSeries]:
        """See `Catalogue`."""
        keys = dict.fromkeys(SERIES_KEYS, "") | {"StudyInstanceUID": study}
        return self._ask("SERIES", keys, series_of, MOST_SERIES)[0]

    def instances(self, study: str, series: str) -> list[FoundInstance]:
        """See `Catalogue`."""
        keys = dict.fromkeys(INSTANCE_KEYS, "") | {"StudyInstanceUID": study, "SeriesInstanceUID": series}
        return self._ask("IMAGE", keys, instance_of, MOST_INSTANCES)[0]

    def _ask(
        self, level: str, keys: Mapping[str, str], read: Callable[[Dataset], T | None], most: int
    ) -> tuple[list[T], bool]:
        self._message += 1
        found: list[T] = []
        answers, stopped = 0, math.inf
        for answer in self._answers(identifier(level, keys), self._message):
            answers += 1
            if answers == most + 1:
                self._association.send_c_cancel(self._message, query_model=FIND)
                stopped = time.monotonic()
            if time.monotonic() - stopped > _AFTER_CANCEL:
                self._association.abort()
                raise words.failed(words.DOES_NOT_STOP, "not cancelled")
            if answers <= most and (one := read(answer)) is not None:
                found.append(one)
        return found, answers > most

    def _answers(self, question: Dataset, message: int) -> Iterator[Dataset]:
        with lenient():
            for status, answer in self._association.send_c_find(question, FIND, msg_id=message):
                code = status.get("Status")
                if code is None:
                    raise broken_off(self._association)
                if code in _PENDING:
                    yield _in_our_way(answer)
                elif code not in (0, _CANCELLED):
                    raise PeerError(words.status(int(code)))


@contextlib.contextmanager
def dicom_catalogue(settings: NetworkSettings, peer: Peer) -> Iterator[DicomCatalogue]:
    """A peer's catalogue over an association of its own.

    Raises:
        PeerError: it cannot be reached, or takes no queries.
    """
    with associated(settings, peer, [build_context(FIND)], needed=FIND, without=words.NO_FIND) as association:
        yield DicomCatalogue(association)


def identifier(level: str, keys: Mapping[str, str]) -> Dataset:
    """A question or an order at a level of the Study Root model, in UTF-8 where it has to be."""
    dataset = Dataset()
    with lenient():
        dataset.QueryRetrieveLevel = level
        if not all(map(str.isascii, keys.values())):
            dataset.SpecificCharacterSet = "ISO_IR 192"
        for keyword, value in keys.items():
            setattr(dataset, keyword, value)
    return dataset


def try_dicom(settings: NetworkSettings, peer: Peer) -> Said:
    """Whether a peer answers, and offers what it is configured for (C-ECHO, and a query of nothing).

    Raises:
        PeerError: it does not.
    """
    queries, takes = Role.QUERY in peer.roles, Role.SEND in peer.roles
    by, without = (GET, words.NO_GET) if peer.retrieval is Retrieval.GET else (MOVE, words.NO_MOVE)
    wanted: list[PresentationContext] = [build_context(Verification)]
    wanted += [build_context(FIND), build_context(by)] if queries else []
    wanted += [build_context(SecondaryCaptureImageStorage)] if takes else []
    with associated(settings, peer, wanted, without=words.NO_SERVICE) as association:
        offered = {str(context.abstract_syntax) for context in association.accepted_contexts}
        if str(Verification) in offered:
            status = association.send_c_echo().get("Status")
            if status is None:
                raise broken_off(association)
            if status != 0:
                raise words.refused(words.NO_ECHO, f"status {int(status):04X}H")
        if queries and FIND in offered:
            DicomCatalogue(association).studies(Question(study_instance_uid=NOBODY), "", 1)
    missing = [words.NO_FIND] if queries and FIND not in offered else []
    missing += [without] if queries and by not in offered else []
    missing += [words.NO_STORE] if takes and str(SecondaryCaptureImageStorage) not in offered else []
    return _tested(missing)


def _tested(missing: Sequence[str]) -> Said:
    if missing:
        return Said(Outcome.PARTLY, " ".join((words.ANSWERS, *missing)))
    return Said(Outcome.DONE, words.WORKS)


def _in_our_way(answer: Dataset | None) -> Dataset:
    """An answer whose text is read as that of a file is; an empty one where there is none, or it makes no sense."""
    if answer is None:
        return Dataset()
    try:
        raws = {tag: answer.get_item(tag) for tag in answer.keys()}  # noqa: SIM118 - of raw elements
        ours = Dataset(raws)  # type: ignore[arg-type] # pydicom takes raw elements
        named = tuple(map(str, values(ours, "SpecificCharacterSet")))
        implicit, little = answer.original_encoding
        ours.set_original_encoding(bool(implicit), little is not False, encodings_of(named))
    except (InvalidDicomError, *CONVERSION_ERRORS):
        return Dataset()
    return ours
