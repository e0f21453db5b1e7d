"""Query a PACS: what is looked for, what was found, and how far what is fetched has come. It never waits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QProgressBar, QStackedWidget, QWidget

from app.domain.network import Fetching, QueryPage
from app.domain.session import Session
from app.i18n.language import join, say, tr
from app.ui.dialogs.found_table import FoundTable
from app.ui.dialogs.query_form import QueryForm
from app.ui.dialogs.said_line import SaidLine
from app.ui.look.theme import font
from app.ui.look.widgets import NO_MARGINS, action_button, in_column, in_row, plain_label
from app.ui.wishes import Wishes
from app.ui.words.network_words import NOTHING_CONFIGURED, fetching_words
from squid_core.contracts.network import Outcome
from squid_core.network.configuration import NetworkSettings, Role

SIZE = (1180, 640)
BAR_WIDTH = 160


class QueryDialog(QDialog):
    """Stays open beside the window, which goes on, and follows the session; decides nothing itself.

    Args:
        wishes: told what is asked and fetched.
        is_here: whether a study of this UID is on the worklist.
        parent: the window it belongs to.
    """

    READS = ("network", "network_fault", "elsewhere", "fetching", "mask_names", "mask_key")

    def __init__(self, wishes: Wishes, is_here: Callable[[str], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes, self._is_here = wishes, is_here
        self._session = Session()
        self.setWindowTitle(tr("Query a PACS"))
        self.resize(*SIZE)
        self.form = QueryForm()
        self.search = action_button(tr("Search"), tr("Ask the chosen system; Enter does the same."), self._ask)
        self.search.setDefault(True)
        self.table = FoundTable()
        self.found = SaidLine()
        self.fetched = SaidLine()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(BAR_WIDTH)
        self.cancel = action_button(tr("Cancel"), tr("Stop asking or fetching; what is here stays here."), self._cancel)
        self.fetch = action_button(
            tr("Fetch"), tr("Fetch the chosen studies into the worklist; Enter in the list does it too."), self._fetch
        )
        self.missing = plain_label("", wrap=True)
        self.set_up = action_button(tr("Set up…"), tr("Open the settings of the network."), self._set_up)
        self._pages = QStackedWidget()
        self._lay_out()
        self.table.fetch_wanted.connect(self._fetch)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._follow_choice())
        for line in self.form.lines:
            line.installEventFilter(self)

    def render_session(self, old: Session | None, new: Session) -> None:
        """Follow the session; the list of what is here already follows with it."""
        if not new.differs(old, *self.READS):
            return
        self._session = new
        self.form.show_systems(new.network)
        if old is not None and new.mask_names and not old.mask_names:
            self.form.forget_patient()
        if old is None and new.elsewhere.peer:
            self.form.show_question(new.elsewhere.peer, new.elsewhere.question, masked=new.mask_names)
        usable = _can_ask(new.network) and not new.network_fault
        self._pages.setCurrentIndex(1 if usable else 0)
        self.missing.setText(say(new.network_fault) or tr(NOTHING_CONFIGURED))
        (self.search if usable else self.set_up).setDefault(True)
        self._render_found(new.elsewhere)
        self._render_fetching(new.fetching)
        if new.differs(old, "elsewhere", "mask_names", "mask_key"):
            self.table.show_studies(new.elsewhere.studies, new.masking)
        self.follow_worklist()
        self._follow_choice()

    def follow_worklist(self) -> None:
        """Say anew which of the studies are here."""
        self.table.show_states(self._session.fetching, self._is_here)

    def begin(self) -> None:
        """The field in which most will type first has the keys."""
        (self.form.name if self._pages.currentIndex() else self.set_up).setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from a field to the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
            self.table.begin()
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        heading = plain_label(tr("Query a PACS"))
        heading.setFont(font(13.0, bold=True))
        empty, page = QWidget(), QWidget()
        in_column(self.missing, in_row(self.set_up, 1), 1, of=empty, margins=NO_MARGINS, spacing=12)
        self.search.setProperty("primary", True)
        form = in_row((self.form, 1), self.search, spacing=12)
        form.setAlignment(self.search, Qt.AlignmentFlag.AlignBottom)
        going = in_row((self.fetched, 1), self.bar, self.cancel, self.fetch, spacing=10)
        in_column(form, self.found, (self.table, 1), going, of=page, margins=NO_MARGINS, spacing=10)
        self._pages.addWidget(empty)
        self._pages.addWidget(page)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        in_column(heading, (self._pages, 1), buttons, of=self, margins=(18, 16, 18, 14), spacing=12)

    # -- following the session

    def _render_found(self, page: QueryPage) -> None:
        self.search.setEnabled(not page.running)
        if not page.peer:
            self.found.say(tr("Choose what to look for, then press Enter."))
        elif page.said is None:
            self.found.say(tr("Asking {system}…").format(system=page.peer))
        elif page.said.outcome is Outcome.DONE:
            self.found.say(_count_words(page))
        elif page.said.outcome is Outcome.CANCELLED:
            self.found.say(say(page.said.sentence))
        else:
            words = tr("{system}: {sentence}").format(system=page.peer, sentence=say(page.said.sentence))
            self.found.say(words, well=False, detail=page.said.detail)

    def _render_fetching(self, fetching: Fetching) -> None:
        asking = self._session.elsewhere.running
        whole = all(not item.sentence for item in fetching.items)
        over = fetching.total and not fetching.running
        self.fetched.say(fetching_words(fetching), well=whole if over else None)
        self.bar.setVisible(fetching.running or asking)
        self.cancel.setVisible(fetching.running or asking)
        self.bar.setRange(0, fetching.total if fetching.running else 0)
        self.bar.setValue(fetching.done)

    def _follow_choice(self) -> None:
        count = len(self.table.chosen)
        self.fetch.setEnabled(bool(count))
        self.fetch.setText(tr("Fetch {count} studies").format(count=count) if count > 1 else tr("Fetch"))

    # -- what the user does

    def _ask(self) -> None:
        if self.form.peer and not self._session.elsewhere.running:
            self._wishes.studies_asked.emit(self.form.peer, self.form.question())

    def _fetch(self) -> None:
        if chosen := self.table.chosen:
            self._wishes.studies_fetched.emit(self._session.elsewhere.peer, chosen)

    def _cancel(self) -> None:
        wishes = self._wishes
        (wishes.query_cancelled if self._session.elsewhere.running else wishes.fetch_cancelled).emit()

    def _set_up(self) -> None:
        self._wishes.network_settings_requested.emit()


def _can_ask(settings: NetworkSettings) -> bool:
    return any(Role.QUERY in peer.roles for peer in settings.peers)


def _count_words(page: QueryPage) -> str:
    count = len(page.studies)
    if not count:
        return tr("{system} has no study like that.").format(system=page.peer)
    words = tr("1 study at {system}.") if count == 1 else tr("{count} studies at {system}, newest first.")
    more = say(page.said.sentence) if page.more and page.said is not None else ""
    return join((words.format(count=count, system=page.peer), more))
