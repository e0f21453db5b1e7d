"""Studies of other systems are looked for, and a system is tested, by DICOMweb where it has that, else by DICOM."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from squid_core.contracts.network import Answer, FoundStudy, Outcome, Question, Said
from squid_core.dicom.header.wording import wording
from squid_core.dicom.header.words import Notion
from squid_core.network import words
from squid_core.network.catalogue import Catalogue, FoundSeries
from squid_core.network.cfind import dicom_catalogue, try_dicom
from squid_core.network.configuration import NetworkSettings, Peer
from squid_core.network.web import Web, try_web
from squid_core.network.words import PeerError

NO_IMAGES = frozenset(("PR", "SR", "KO", "DOC", "SEG", "REG", "AU"))  # modalities of what stands beside the images


def tested(settings: NetworkSettings, peer: Peer, password: str) -> Said:
    """See `errands.try_peer`."""
    try:
        return try_web(peer, password) if peer.dicomweb else try_dicom(settings, peer)
    except PeerError as error:
        return error.said
    except Exception as error:  # noqa: BLE001 - whatever the libraries raise over what a system answers
        return words.unforeseen(error)


def found(settings: NetworkSettings, peer: Peer, password: str, question: Question, most: int) -> Answer:
    """See `errands.find`."""
    try:
        with catalogue_of(settings, peer, password) as catalogue:
            studies, more = _asked(catalogue, question, most)
    except PeerError as error:
        return Answer(error.said)
    except Exception as error:  # noqa: BLE001 - whatever the libraries raise over what a system answers
        return Answer(words.unforeseen(error))
    newest_first = sorted(studies, key=lambda study: (study.study_date, study.study_time), reverse=True)
    return Answer(Said(Outcome.DONE, words.MORE if more else words.ANSWERED), tuple(newest_first), more)


@contextlib.contextmanager
def catalogue_of(settings: NetworkSettings, peer: Peer, password: str) -> Iterator[Catalogue]:
    """A connection to a peer's catalogue.

    Raises:
        PeerError: it cannot be reached, or takes no queries.
    """
    if peer.dicomweb:
        with Web(peer, password) as web:
            yield web
    else:
        with dicom_catalogue(settings, peer) as dicom:
            yield dicom


def _asked(catalogue: Catalogue, question: Question, most: int) -> tuple[list[FoundStudy], bool]:
    """Each modality is asked for by itself: of several values only UIDs are matched by all systems (PS3.4 C.2.2.2)."""
    studies: dict[str, FoundStudy] = {}
    more = False
    for modality in question.modalities or ("",):
        some, left = catalogue.studies(question, modality, most)
        studies.update((study.study_instance_uid, study) for study in some)
        more = more or left
    fitting = (_fitting(catalogue, study, question) for study in studies.values())
    answer = [study for study in fitting if study is not None]
    return answer[:most], more or len(answer) > most


def _fitting(catalogue: Catalogue, study: FoundStudy, question: Question) -> FoundStudy | None:
    """The study with what its series say, where that was asked for; None where it is none of those asked for.

    A study that says nothing of a modality, or has a series that may be of the part of the body, is not left out.
    """
    wanted = {modality.upper() for modality in question.modalities}
    if question.body_part or (wanted and not study.modalities):
        series = catalogue.series(study.study_instance_uid)
        parts = dict.fromkeys(one.body_part for one in series if one.body_part)
        modalities = study.modalities or tuple(dict.fromkeys(one.modality for one in series if one.modality))
        study = replace(study, modalities=modalities, body_part=", ".join(parts))
        images = [one for one in series if one.modality not in NO_IMAGES and (not wanted or one.modality in wanted)]
        if question.body_part and images and not any(_may_show(one, question.body_part.upper()) for one in images):
            return None
    if wanted and study.modalities and not wanted & set(study.modalities):
        return None
    return study


def _may_show(series: FoundSeries, part: str) -> bool:
    """Whether it names the part of the body, alone or among others, or none at all.

    The chest has many names, THORAX among them: it is only not shown where the words say that it is elsewhere.
    """
    if not series.body_part or part in series.body_part or fnmatchcase(series.body_part, part):
        return True
    if Notion.CHEST not in wording([part]).notions:
        return False
    said = wording([series.body_part]).notions
    return bool(said & {Notion.CHEST, Notion.NEAR_CHEST}) or Notion.ELSEWHERE not in said
