"""A study of another system is brought into the incoming folder: by WADO-RS, C-GET or C-MOVE (PS3.18 10.4, PS3.4 C.4).

First it is asked which objects it has; what lies here is not fetched again, so that a fetch that was broken off goes on
where it stopped, and only kinds that this program reads are asked for.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian
from pynetdicom import evt
from pynetdicom.association import Association
from pynetdicom.presentation import build_context

from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Fetched, Outcome, Said
from squid_core.dicom.header.sopclasses import (
    GRAYSCALE_STATE,
    MODALITY_NAMES,
    RADIOGRAPHS,
    SECONDARY_CAPTURES,
    no_image,
)
from squid_core.dicom.header.values import is_uid
from squid_core.dicom.pixel.syntaxes import READ
from squid_core.network import words
from squid_core.network.catalogue import Catalogue, FoundInstance, FoundSeries
from squid_core.network.cfind import GET, MOVE, identifier
from squid_core.network.configuration import NetworkSettings, Peer, Retrieval
from squid_core.network.incoming import Incoming, part10_head
from squid_core.network.query import catalogue_of
from squid_core.network.reach import associated, broken_off
from squid_core.network.web import Web
from squid_core.network.words import PeerError

KINDS = RADIOGRAPHS | SECONDARY_CAPTURES | {GRAYSCALE_STATE}
STATES = "PR"  # modality of presentation states, which come with the images whatever modalities are wanted
OWN_SERIES = re.compile(r"SQUID .*\(research use only\)$")  # results of this program, sent back there
OBJECT_SECONDS = 300.0  # for each object, and for a whole series where a peer says nothing in between
ARRIVE_SECONDS = 15.0  # that the node here may take over what a peer says it has sent
_LOOK_EACH = 0.1  # s
# Without loss and plain first. Each syntax has a context of its own, so that an object comes as it lies there.
_SYNTAXES = (str(ExplicitVRLittleEndian), *sorted(READ - {str(ExplicitVRLittleEndian)}))
_CLASSES_AT_ONCE = 127 // len(_SYNTAXES)  # of the 128 contexts of an association (PS3.8 9.3.2.2)
_PENDING, _PARTLY = (0xFF00, 0xFF01), 0xB000
_STORED, _NO_ROOM, _NOT_ASKED_FOR = 0x0000, 0xA700, 0x0124  # PS3.4 B.2.3, PS3.7 9.1.1.1.9


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An object that is to be here."""

    series: str
    instance: str
    sop_class: str


@dataclass(slots=True)
class _Work:
    """What a fetch is about, and how far it is.

    Attributes:
        whole: series of which every object is wanted and none is here.
        trouble: the last that was said of an object that did not come.
    """

    study: str
    incoming: Incoming
    missing: dict[str, _Wanted]
    whole: frozenset[str]
    had: int
    files: int = 0
    trouble: Said | None = None

    def arrived(self, instance: str) -> None:
        """It lies here."""
        if self.missing.pop(instance, None) is not None:
            self.files += 1

    def ended(self, said: Said | None = None) -> Fetched:
        """What came of it; `said` where it was broken off."""
        if said is None and self.missing:
            trouble = f"{self.trouble.sentence} " if self.trouble else ""
            outcome = Outcome.PARTLY if self.files + self.had else Outcome.FAILED
            detail = self.trouble.detail if self.trouble else ""
            said = Said(outcome, f"{trouble}{words.SOME_MISSING}", detail)
        return Fetched(said or Said(Outcome.DONE, words.FETCHED), self.files, self.had, len(self.missing))


def fetched(
    settings: NetworkSettings,
    peer: Peer,
    password: str,
    study: str,
    incoming: Path,
    modalities: tuple[str, ...],
) -> Fetched:
    """See `errands.fetch_study`."""
    work: _Work | None = None
    try:
        folder = Incoming(incoming, settings.listening.free_gb, settings.listening.object_mb)
        folder.sweep()
        folder.look_at_space()
        if not is_uid(study):
            return Fetched(Said(Outcome.REFUSED, words.NO_STUDY))
        with catalogue_of(settings, peer, password) as catalogue:
            listed = _listed(catalogue, study, modalities)
            if listed is None:
                return Fetched(Said(Outcome.REFUSED, words.NO_STUDY))
            if not listed:
                return Fetched(Said(Outcome.DONE, words.NO_IMAGES))
            work = _work(study, folder, listed)
            if isinstance(catalogue, Web):
                _by_web(catalogue, work)
        if not peer.dicomweb and work.missing:
            _by_get(settings, peer, work) if peer.retrieval is Retrieval.GET else _by_move(settings, peer, work)
    except PeerError as error:
        return Fetched(error.said) if work is None else work.ended(error.said)
    except SquidError as error:  # of the folder
        said = Said(Outcome.FAILED, str(error), error.detail)
        return Fetched(said) if work is None else work.ended(said)
    except Exception as error:  # noqa: BLE001 - whatever the libraries raise over what a system answers
        said = words.unforeseen(error)
        return Fetched(said) if work is None else work.ended(said)
    return work.ended()


def _listed(catalogue: Catalogue, study: str, modalities: tuple[str, ...]) -> list[tuple[_Wanted, bool]] | None:
    """What is wanted of a study, and whether all of its series is; None where there is no such study."""
    all_series = catalogue.series(study)
    if not all_series:
        return None
    listed: list[tuple[_Wanted, bool]] = []
    for series in filter(lambda one: _is_wanted(one, modalities), all_series):
        instances = catalogue.instances(study, series.series_instance_uid)
        kinds = [one for one in instances if _is_read(one, series)]
        whole = len(kinds) == len(instances)
        listed += [
            (_Wanted(series.series_instance_uid, one.sop_instance_uid, one.sop_class_uid), whole) for one in kinds
        ]
    return listed


def _is_wanted(series: FoundSeries, modalities: tuple[str, ...]) -> bool:
    if OWN_SERIES.fullmatch(series.description):
        return False
    wanted = {modality.upper() for modality in modalities}
    return not wanted or series.modality in wanted | {STATES, ""}


def _is_read(instance: FoundInstance, series: FoundSeries) -> bool:
    """Whether it is of a kind that is read, as far as it is said; where its class is not, by the modality."""
    if instance.sop_class_uid:
        return instance.sop_class_uid in KINDS
    return series.modality == STATES or not (series.modality in MODALITY_NAMES or no_image("", series.modality))


def _work(study: str, folder: Incoming, listed: Sequence[tuple[_Wanted, bool]]) -> _Work:
    missing = {one.instance: one for one, _ in listed if folder.has(one.instance) is None}
    begun = {one.series for one, whole in listed if not whole or one.instance not in missing}
    whole = frozenset(one.series for one in missing.values()) - begun
    return _Work(study, folder, missing, whole, len(listed) - len(missing))


def _by_web(web: Web, work: _Work) -> None:
    """Object by object, as a stream onto the disk.

    Raises:
        PeerError: nothing more can come.
        SquidError: the folder does not take it.
    """
    for one in list(work.missing.values()):
        part = work.incoming.begin()
        try:
            for chunk in web.object(work.study, one.series, one.instance):
                part.write(chunk)
            part.finish(one.instance)
        except PeerError as error:
            if not words.is_of_one_object(error.said):
                raise
            work.trouble = error.said
            continue
        finally:
            part.abandon()
        work.arrived(one.instance)


def _by_get(settings: NetworkSettings, peer: Peer, work: _Work) -> None:
    """On one association for every few SOP classes.

    Raises:
        PeerError: nothing more can come.
        SquidError: the folder does not take it.
    """
    faults: list[SquidError] = []

    def store(event: evt.Event) -> int:
        request: Any = event.request
        instance = str(request.AffectedSOPInstanceUID)
        if instance not in work.missing:
            return _NOT_ASKED_FOR if work.incoming.has(instance) is None else _STORED
        try:
            part = work.incoming.begin()
            try:
                head = part10_head(str(request.AffectedSOPClassUID), instance, str(event.context.transfer_syntax))
                part.write(head)
                part.write(request.DataSet.getbuffer())
                part.finish(instance)
            finally:
                part.abandon()
        except SquidError as error:
            faults.append(error)
            return _NO_ROOM
        work.arrived(instance)
        return _STORED

    def get(classes: Sequence[str], syntaxes: Sequence[str]) -> list[str]:
        """Order what is missing of these classes in these transfer syntaxes; which of them it hands out."""
        contexts = [build_context(GET), *(build_context(kind, syntax) for kind in classes for syntax in syntaxes)]
        orders = {one.instance for one in work.missing.values() if one.sop_class in (*classes, "")}
        with associated(
            settings, peer, contexts, needed=GET, without=words.NO_GET, delivering=classes, on_store=store
        ) as association:
            association.dimse_timeout = OBJECT_SECONDS
            accepted = [one for one in association.accepted_contexts if str(one.abstract_syntax) in classes]
            if not accepted:
                work.trouble = Said(Outcome.REFUSED, words.NO_KINDS, "no presentation context")
                return []
            for number, order in enumerate(_orders(work, orders), start=1):
                _carry_out(association, work, association.send_c_get(order, GET, msg_id=number % 0xFFFF))
                if faults:
                    raise faults[0]
        return sorted({str(one.transfer_syntax[0]) for one in accepted})

    stated = {one.sop_class for one in work.missing.values()}
    asked = sorted(KINDS if "" in stated else stated)
    for begin in range(0, len(asked), _CLASSES_AT_ONCE):
        classes = asked[begin : begin + _CLASSES_AT_ONCE]
        # DCMTK 3.6.7 takes the first context of a class, whatever the object is in: then one syntax after another.
        for syntax in get(classes, _SYNTAXES):
            if any(one.sop_class in (*classes, "") for one in work.missing.values()):
                work.whole = frozenset()
                get(classes, (syntax,))


def _by_move(settings: NetworkSettings, peer: Peer, work: _Work) -> None:
    """To the node here, and waits until it has written them.

    Raises:
        PeerError: nothing more can come.
    """
    if not settings.listening.wanted:
        raise words.refused(words.NODE_OFF)
    with associated(settings, peer, [build_context(MOVE)], needed=MOVE, without=words.NO_MOVE) as association:
        association.dimse_timeout = OBJECT_SECONDS
        to = settings.listening.ae_title
        for number, order in enumerate(_orders(work, set(work.missing)), start=1):
            _carry_out(association, work, association.send_c_move(order, to, MOVE, msg_id=number % 0xFFFF))
            _notice_arrivals(work)
    until = time.monotonic() + ARRIVE_SECONDS
    while work.missing and work.trouble is None and time.monotonic() < until:
        time.sleep(_LOOK_EACH)
        before = len(work.missing)
        _notice_arrivals(work)
        if len(work.missing) < before:
            until = time.monotonic() + ARRIVE_SECONDS
    if work.missing and work.trouble is None:
        work.trouble = Said(Outcome.FAILED, words.NOT_ARRIVED)


def _notice_arrivals(work: _Work) -> None:
    for instance in [instance for instance in work.missing if work.incoming.has(instance) is not None]:
        work.arrived(instance)


def _orders(work: _Work, instances: set[str]) -> Iterator[Dataset]:
    """A series where all of it is wanted, else one object after another."""
    done: set[str] = set()
    for one in list(work.missing.values()):
        if one.instance not in instances or one.instance not in work.missing or one.series in done:
            continue
        keys = {"StudyInstanceUID": work.study, "SeriesInstanceUID": one.series}
        if one.series in work.whole:
            done.add(one.series)
            yield identifier("SERIES", keys)
        else:
            yield identifier("IMAGE", keys | {"SOPInstanceUID": one.instance})


def _carry_out(association: Association, work: _Work, answers: Iterator[tuple[Dataset, Dataset | None]]) -> None:
    """To the last answer to an order. What some objects failed of is noted, and the next order may go better.

    Raises:
        PeerError: nothing more can come.
    """
    for status, _ in answers:
        code = status.get("Status")
        if code is None:
            raise broken_off(association)
        if code in (*_PENDING, 0):
            continue
        said = words.status(int(code))
        if said.outcome is Outcome.REFUSED:
            raise PeerError(said)
        work.trouble = said
