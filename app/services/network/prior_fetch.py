"""Earlier studies of the patient on the screen are fetched in the background, where the settings say from whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from datetime import date

from PySide6.QtCore import QObject, QTimer

from app.domain.patients import patient_key
from app.domain.session import Session
from app.domain.study import Study
from app.services.network.faults import PeerFaults
from app.services.network.fetch_desk import FetchDesk
from app.services.network.messenger import Messenger
from app.services.network.network_keeper import NetworkKeeper
from app.services.network.query_desk import FIND_SECONDS, in_words
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps, answer
from squid_core.contracts.network import Answer, FoundStudy, Question
from squid_core.contracts.radiograph import Identity
from squid_core.network import errands

DWELL_MS = 1500  # that a study is looked at before its patient's others are asked for: the reader may be paging
MODALITIES = ("CR", "DX")
MOST = 3  # studies of one patient


class PriorFetch(QObject):
    """Asks once per patient and day, and fetches the latest few that are not here."""

    def __init__(
        self,
        keeper: NetworkKeeper,
        fetching: FetchDesk,
        holder: SessionHolder,
        store: WorklistStore,
        messenger: Messenger,
        faults: PeerFaults,
        courier: Courier,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__()
        self._keeper, self._fetching, self._holder, self._store = keeper, fetching, holder, store
        self._messenger, self._faults, self._courier, self._today = messenger, faults, courier, today
        self._asked: set[tuple[str, str]] = set()  # systems and patients, today
        self._day = today()
        self._timer = QTimer(self, singleShot=True, interval=DWELL_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Follow what is on the screen."""
        self._holder.changed.connect(self._on_session)
        self._timer.start()

    def close(self) -> None:
        """Follow it no longer."""
        self._timer.stop()

    def _on_session(self, old: Session, new: Session) -> None:
        if new.study_uid != old.study_uid or new.network.priors_from != old.network.priors_from:
            self._timer.start()

    def _look(self) -> None:
        state, today = self._holder.state, self._today()
        if today != self._day:
            self._day = today
            self._asked.clear()
        peer, study = state.network.priors_from, state.study
        if not peer or study is None or (question := question_about(study.identity)) is None:
            return
        asked = (peer, question.patient_id)
        if asked not in self._asked:
            self._asked.add(asked)
            self._courier.run(self._fetch(peer, question, study))

    def _fetch(self, peer: str, question: Question, study: Study) -> Steps[None]:
        try:
            password = yield from self._keeper.password(peer)
            settings = self._holder.state.network
            found: Answer = yield from answer(
                self._messenger.ask(errands.find, settings, peer, password, question, seconds=FIND_SECONDS)
            )
        except CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - a quiet sentence
            self._faults.note(peer, in_words(error))
            return
        self._faults.note(peer, found.said)
        here = {image.identity.study_instance_uid for image in self._store.worklist.images()}
        for prior in priors_of(study.identity, found.studies, here):
            self._fetching.fetch_behind(
                peer, prior.study_instance_uid, MODALITIES, lambda fetched: self._faults.note(peer, fetched.said)
            )


def question_about(identity: Identity) -> Question | None:
    """What is asked for a patient's other studies; None where ID and birth date do not say beyond doubt who it is."""
    patient = patient_key(identity.patient_id)
    if not patient or identity.patient_birth_date is None or any(sign in patient for sign in "*?\\"):
        return None
    return Question(patient_id=patient, modalities=MODALITIES)


def priors_of(identity: Identity, found: Iterable[FoundStudy], here: set[str]) -> tuple[FoundStudy, ...]:
    """The latest of a patient's earlier studies that are not here.

    Args:
        identity: of the study that is looked at.
        found: what another system has, as it says so itself.
        here: StudyInstanceUIDs.
    """
    born, day = identity.patient_birth_date, identity.study_date
    earlier = [
        study
        for study in found
        if study.patient_id.strip() == identity.patient_id.strip()
        and born is not None
        and study.birth_date == f"{born:%Y%m%d}"
        and study.study_instance_uid not in here
        and study.study_date
        and (day is None or study.study_date <= f"{day:%Y%m%d}")
        and (not study.modalities or set(study.modalities) & set(MODALITIES))
    ]
    earlier.sort(key=lambda study: (study.study_date, study.study_time), reverse=True)
    return tuple(earlier[:MOST])
