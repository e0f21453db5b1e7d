"""The windows that open on request, such as score card, help, keys, notices, query and outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from app.domain.importing import FailedFile
from app.domain.jobs import JobState
from app.domain.session import Session
from app.domain.study import Study
from app.domain.worklist import Worklist
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.ui.dialogs.forgetting import ForgetDialog
from app.ui.dialogs.header import HeaderDialog
from app.ui.dialogs.import_report import ImportReportDialog
from app.ui.dialogs.keys import KeysDialog
from app.ui.dialogs.learning import LearningDialog
from app.ui.dialogs.lists import AboutDialog, NoticesDialog
from app.ui.dialogs.outbox import OutboxDialog
from app.ui.dialogs.query import QueryDialog
from app.ui.dialogs.software import SoftwareDialog
from app.ui.help.guide_pages import CARDS, FIRST, MESSAGES, GuidePlace, slug
from app.ui.help.guide_window import GuideWindow
from app.ui.help.how_it_works import HowItWorks
from app.ui.help.tour import Step, Tour
from app.ui.keys.bindings import own_keys
from app.ui.look.widgets import open_dialog
from app.ui.study.score_card import ScoreCard
from app.ui.wishes import Wishes

if TYPE_CHECKING:
    from app.ui.dialogs.drift import DriftDialog


@dataclass(frozen=True)
class OpenWindows:
    """What the window leaves open and goes on without; of the tour the number of its step, of the guide its page."""

    score_card: bool = False
    how_it_works: bool = False
    drift: bool = False
    learning: bool = False
    header: bool = False
    query: bool = False
    outbox: bool = False
    tour: int | None = None
    guide: str = ""


class WindowDialogs(QObject):
    """Lives with the window; all that can stay open follows the session.

    Args:
        holder: its session is what they show.
        store: its damaged files are listed.
        notifier: its history is listed.
        wishes: told which keys the user wants.
        tour_steps: the stops of the tour, in the language of the window.
        window: their parent.

    Attributes:
        score_card: once it has been asked for. how_it_works, guide, tour, drift, learning, header, query, outbox,
            forgetting: the open one; None where it is closed.
    """

    def __init__(
        self,
        holder: SessionHolder,
        store: WorklistStore,
        notifier: Notifier,
        wishes: Wishes,
        tour_steps: Callable[[], tuple[Step, ...]],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._window, self._holder, self._store, self._notifier = window, holder, store, notifier
        self._wishes, self._tour_steps = wishes, tour_steps
        self.score_card: ScoreCard | None = None
        self.how_it_works: HowItWorks | None = None
        self.guide: GuideWindow | None = None
        self.learning: LearningDialog | None = None
        self.tour: Tour | None = None
        self.drift: DriftDialog | None = None
        self.header: HeaderDialog | None = None
        self.query: QueryDialog | None = None
        self.outbox: OutboxDialog | None = None
        self.forgetting: ForgetDialog | None = None
        holder.changed.connect(self._on_session)
        store.changed.connect(self._on_worklist)

    def show_import_report(self) -> None:
        """Open the import report."""
        report = self._holder.state.import_report
        if report is None:
            return
        broken = (image for image in self._store.worklist.images() if image.state is JobState.ERROR)
        failed = {(one.path, one.member): one for one in report.failed}
        failed |= {(one.path, one.member): FailedFile(one.path, one.message, one.member) for one in broken}
        masked = self._holder.state.mask_names
        dialog = ImportReportDialog(report, tuple(failed.values()), masked=masked, parent=self._window)
        dialog.again_wanted.connect(self._wishes.again_requested.emit)
        open_dialog(dialog)

    def show_notices(self) -> None:
        """Open the list of notices."""
        notices = NoticesDialog(self._notifier.history, self._window)
        notices.guide_wanted.connect(notices.reject)
        notices.guide_wanted.connect(lambda: self.show_guide(MESSAGES))
        open_dialog(notices)

    def show_shortcuts(self) -> None:
        """Open the list of keys and its editor."""
        state = self._holder.state
        fixed = state.is_fixed("keys")
        open_dialog(KeysDialog(own_keys(state.keys), self._wishes, self._window, state.mouse, fixed=fixed))

    def show_header(self) -> None:
        """Open the elements of the shown file's header, or bring them to the front; they follow the image."""
        if self._holder.state.image is None:
            return
        if self.header is None:
            self.header = HeaderDialog(self._wishes, self._window)
            self._keep("header", self.header)
            self.header.render_session(None, self._holder.state)
        _bring_to_front(self.header)

    def show_drift(self) -> None:
        """Open the drift watch, or bring it to the front."""
        if self.drift is None:
            from app.ui.dialogs.drift import DriftDialog  # pyqtgraph takes a third of a second

            self.drift = DriftDialog(self._wishes, self._holder.state.drift_question, self._window)
            self._keep("drift", self.drift)
            self.drift.learning_wanted.connect(self.show_learning)
        _bring_to_front(self.drift)

    def show_about(self) -> None:
        """Open the about box."""
        about = AboutDialog(self._window)
        about.software_wanted.connect(lambda: open_dialog(SoftwareDialog(about)))
        open_dialog(about)

    def show_forgetting(self) -> None:
        """Open what the program keeps, to have it forgotten."""
        if self.forgetting is None:
            self.forgetting = ForgetDialog(self._wishes, self._window)
            self._keep("forgetting", self.forgetting)
            self.forgetting.render_session(None, self._holder.state)
        _bring_to_front(self.forgetting)

    def show_score(self) -> None:
        """Open the score in words and picture, or bring it to the front; it follows what is shown."""
        if self._holder.state.detection is None:
            return
        if self.score_card is None:
            self.score_card = ScoreCard(self._window)
            self.score_card.card_wanted.connect(self.show_card)
            self.score_card.render_session(self._holder.state)
        _bring_to_front(self.score_card)

    def show_how(self) -> None:
        """Open the page on how SQUID works, or bring it to the front; its pictures follow what is shown."""
        if self.how_it_works is None:
            self.how_it_works = HowItWorks(self._window)
            self._keep("how_it_works", self.how_it_works)
            self.how_it_works.render_session(None, self._holder.state)
        _bring_to_front(self.how_it_works)

    def show_guide(self, link: str = FIRST) -> None:
        """Open the guide, or bring it to the front.

        Args:
            link: where it is to be opened, as documents name each other.
        """
        place = GuidePlace.of(link) or GuidePlace(FIRST)
        if self.guide is None:
            self.guide = GuideWindow(place, self._window)
            self._keep("guide", self.guide)
        elif link != FIRST:
            self.guide.go(place)
        _bring_to_front(self.guide)

    def show_card(self, weights: str) -> None:
        """Open the guide at the card of these weights."""
        self.show_guide(f"{CARDS}#{slug(weights)}")

    def show_learning(self) -> None:
        """Open what a hospital's normals can teach, or bring it to the front; reading and scoring go on beside it."""
        if self.learning is None:
            self.learning = LearningDialog(self._wishes, self._window)
            self._keep("learning", self.learning)
            self.learning.card_wanted.connect(self.show_card)
            self._wishes.learning_looked_at.emit()
            self.learning.render_session(None, self._holder.state)
        _bring_to_front(self.learning)

    def show_query(self) -> None:
        """Open what another system can be asked, or bring it to the front; reading and scoring go on beside it."""
        if self.query is None:
            self.query = QueryDialog(self._wishes, self._is_here, self._window)
            self._keep("query", self.query)
            self.query.render_session(None, self._holder.state)
        _bring_to_front(self.query)
        self.query.begin()

    def show_outbox(self) -> None:
        """Open what waits to be sent, or bring it to the front."""
        if self.outbox is None:
            self.outbox = OutboxDialog(self._wishes, self._study_of, self._window)
            self._keep("outbox", self.outbox)
            self.outbox.render_session(None, self._holder.state)
        _bring_to_front(self.outbox)

    def show_tour(self, take_focus: bool) -> None:
        """Begin the tour, from its first step.

        Args:
            take_focus: the user asked for it; else it leaves the keys to whatever has the focus.
        """
        if self.tour is not None:
            self.tour.end()
        self.tour = Tour(self._window, self._tour_steps)
        self.tour.ended.connect(self._forget_tour)
        self.tour.begin(take_focus)

    @property
    def open_windows(self) -> OpenWindows:
        """What stays open beside the window now."""
        card, tour = self.score_card, self.tour
        shown = card is not None and (card.isVisible() or card.comes_back)
        return OpenWindows(
            shown,
            how_it_works=self.how_it_works is not None,
            drift=self.drift is not None,
            header=self.header is not None,
            query=self.query is not None,
            outbox=self.outbox is not None,
            learning=self.learning is not None,
            guide=self.guide.place.page if self.guide is not None else "",
            tour=tour.number if tour is not None else None,
        )

    def open_again(self, windows: OpenWindows) -> None:
        """Open what stood beside another window."""
        if windows.score_card:
            self.show_score()
        if windows.how_it_works:
            self.show_how()
        if windows.guide:
            self.show_guide(windows.guide)
        if windows.learning:
            self.show_learning()
        if windows.header:
            self.show_header()
        if windows.query:
            self.show_query()
        if windows.outbox:
            self.show_outbox()
        if windows.drift:
            self.show_drift()
        if windows.tour is not None:
            self.show_tour(take_focus=False)
            if self.tour is not None and windows.tour > 1:
                self.tour.step(windows.tour - 1)

    def _on_session(self, old: Session, new: Session) -> None:
        if self.score_card is not None and new.differs(old, *ScoreCard.READS):
            self.score_card.render_session(new)
        for dialog in (self.how_it_works, self.learning, self.header, self.query, self.outbox, self.forgetting):
            if dialog is not None:
                dialog.render_session(old, new)
        if self.drift is not None and new.differs(old, *self.drift.READS):
            self.drift.render_session(new)

    def _on_worklist(self, _: Worklist, __: Worklist) -> None:
        if self.query is not None:
            self.query.follow_worklist()

    def _study_of(self, uid: str) -> Study | None:
        return self._store.worklist.study(uid)

    def _is_here(self, uid: str) -> bool:
        return self._study_of(uid) is not None

    def _keep(self, name: str, dialog: QDialog) -> None:
        """It is the open one of its name until it is closed."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _: setattr(self, name, None))

    def _forget_tour(self) -> None:
        self.tour = None


def _bring_to_front(dialog: QDialog) -> None:
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
