"""What can be taken back, and what was done last, in words."""

from __future__ import annotations

from app.domain.study import Judgement, Reading
from app.domain.undoing import Deed, DeedSaid, Way
from app.i18n.language import QT_TR_NOOP, join, tr

DEEDS = {
    Deed.MARK: QT_TR_NOOP("mark"),
    Deed.JUDGEMENT: QT_TR_NOOP("judgement"),
    Deed.READ: QT_TR_NOOP("marked as read or unread"),
    Deed.WHAT_IF: QT_TR_NOOP("what-if"),
    Deed.REMOVAL: QT_TR_NOOP("removal from the worklist"),
}
JUDGED = {
    Judgement.ACCEPTED: QT_TR_NOOP("Finding accepted."),
    Judgement.REJECTED: QT_TR_NOOP("Finding rejected."),
    Judgement.NORMAL: QT_TR_NOOP("Called normal."),
    Judgement.NONE: QT_TR_NOOP("Judgement taken back."),
}
MARKED = {
    Reading.READ: (QT_TR_NOOP("Marked read."), QT_TR_NOOP("{count} studies marked read.")),
    Reading.UNREAD: (QT_TR_NOOP("Marked unread."), QT_TR_NOOP("{count} studies marked unread.")),
}
REMOVED = QT_TR_NOOP("Removed from the worklist."), QT_TR_NOOP("{count} studies removed from the worklist.")
BACK = {Way.UNDONE: QT_TR_NOOP("Undone: {deed}."), Way.REDONE: QT_TR_NOOP("Done again: {deed}.")}


def deed_words(deed: Deed) -> str:
    """What undo would take back."""
    return tr(DEEDS[deed])


def said_words(said: DeedSaid) -> str:
    """What was done, taken back or done again just now; whom it was done to is on the screen."""
    outcome = said.outcome
    if said.way is not Way.DONE:
        words = tr(BACK[said.way]).format(deed=deed_words(said.deed))
        return join((words, tr("Its study is shown."))) if said.elsewhere else words
    if said.deed is Deed.JUDGEMENT:
        return tr(JUDGED[outcome.judgement])
    one, several = REMOVED if said.deed is Deed.REMOVAL else MARKED.get(outcome.reading, ("", ""))
    return tr(one) if outcome.count == 1 else tr(several).format(count=outcome.count)
