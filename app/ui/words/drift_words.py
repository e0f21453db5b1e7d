"""What the percentiles of a worklist say, in words and as text to copy."""

from __future__ import annotations

import math

from app.domain.drift.watch import ALARM, LEAST, Concern, Counted, DriftGroup, DriftPage
from app.i18n.language import QT_TR_NOOP, join, say, tr
from app.ui.words.words import date_words
from squid_core.text import csv_cell

ALMOST = 1e-9  # by which a whole number of percent may fall short as a share
HEADINGS = (
    QT_TR_NOOP("Station"),
    QT_TR_NOOP("Studies"),
    QT_TR_NOOP("Median"),
    QT_TR_NOOP("Beyond the 95th"),
    QT_TR_NOOP("Unlike memory"),
    QT_TR_NOOP("p"),
    QT_TR_NOOP("What it says"),
)
_HEADLINES = {
    Concern.TOO_LOW: QT_TR_NOOP("Too many look normal."),
    Concern.NORMALS_LOW: QT_TR_NOOP("Your normals look more normal than they should."),
    Concern.TOO_HIGH: QT_TR_NOOP("Too many look unusual."),
    Concern.NORMALS_HIGH: QT_TR_NOOP("Too many of your normals look unusual."),
    Concern.OUTSIDE: QT_TR_NOOP("Too many resemble nothing in memory."),
    Concern.CHANGED: QT_TR_NOOP("The newest studies are spread otherwise than those before."),
}
_MEANINGS = {
    Concern.TOO_LOW: QT_TR_NOOP(
        "Fewer lie high than if every patient were healthy. No disease lowers a percentile: the detector does not fit "
        "these images, and would overlook what it should find."
    ),
    Concern.NORMALS_LOW: QT_TR_NOOP("The detector does not fit these images, and would overlook what it should find."),
    Concern.TOO_HIGH: QT_TR_NOOP(
        "Either more patients are abnormal than you say there are at most, or the detector does not fit these images "
        "and calls healthy chests unusual. Call some of the normal studies normal: then it can be told."
    ),
    Concern.NORMALS_HIGH: QT_TR_NOOP("The detector does not fit these images: it calls healthy chests unusual."),
    Concern.OUTSIDE: QT_TR_NOOP(
        "Look whether they are frontal chests; if they are, the detector does not know such images."
    ),
    Concern.CHANGED: QT_TR_NOOP(
        "Other patients do that, and so does another device, exposure or processing: look at the weeks and stations."
    ),
}


def headline(page: DriftPage) -> str:
    """The outcome in a few words: the gravest concern where there are several."""
    if page.concerns:
        return tr(_HEADLINES[page.concerns[0]])
    if page.whole.count == 0:
        return tr("Nothing has been scored yet.")
    if page.whole.p is None:
        return few_words(page.whole)
    return tr("As expected.")


def few_words(group: DriftGroup) -> str:
    """That there are too few studies, and how many."""
    words = tr("Too few studies to say: {count} of {least}.")
    return words.format(count=len(group.percentiles), least=LEAST)


def explanation(page: DriftPage) -> str:
    """What was seen, what each concern means, and what is odd about how many, each on a line; '' without a score."""
    if page.whole.count == 0:
        return ""
    parts = [_seen(page)]
    if share := math.floor(100 * (page.whole.abnormal or 0.0) + ALMOST):
        words = tr("If the percentiles are right, at least {share} of 100 of these patients are abnormal.")
        parts.append(words.format(share=share))
    parts.append(_normals(page.whole))
    lines = [join(parts)]
    for at, concern in enumerate(page.concerns):
        lines.append(join((tr(_HEADLINES[concern]) if at else "", tr(_MEANINGS[concern]), _where(page, concern))))
    words = tr("{count} of {total}: {doubt}")
    lines += [words.format(count=count, total=page.whole.count, doubt=say(doubt)) for doubt, count in page.doubts]
    return "\n".join(lines)


def _where(page: DriftPage, concern: Concern) -> str:
    """The stations at which it is so, where it is not so of all."""
    if concern in page.whole.concerns:
        return ""
    names = [station_name(group) for group in page.stations if concern in group.concerns]
    return tr("Only at: {stations}.").format(stations=", ".join(names))


def station_name(group: DriftGroup) -> str:
    """What a device is called."""
    return group.station or tr("Station not known")


def _seen(page: DriftPage) -> str:
    words = tr("Of the {count} newest studies, each patient once, {beyond} lie beyond the 95th percentile ({share}).")
    beyond = page.whole.beyond
    return join(
        (
            words.format(count=page.whole.count, beyond=beyond.count, share=share_words(beyond)),
            tr("Of normal chests 5% do, and disease adds to them."),
        )
    )


def _normals(group: DriftGroup) -> str:
    normals = group.normals
    if not normals.total:
        return tr("None of them was called normal by you.")
    words = tr("You called {count} of them normal, and {beyond} of these lie beyond the 95th percentile ({share}).")
    said = words.format(count=normals.total, beyond=normals.count, share=share_words(normals))
    if normals.total < LEAST:
        return join((said, tr("They are tested by themselves from {least} on.").format(least=LEAST)))
    if group.unjudged:
        words = tr("{count} are not judged yet, which the test of your normals allows for.")
        return join((said, words.format(count=group.unjudged)))
    return said


def share_words(counted: Counted) -> str:
    """A share with its 95% interval, in percent."""
    if not counted.total:
        return "–"
    low, high = counted.interval
    return tr("{share:.0f}%, {low:.0f} to {high:.0f}").format(share=100 * counted.share, low=100 * low, high=100 * high)


def p_words(p: float | None) -> str:
    """A p-value, as exactly as it means something."""
    return "–" if p is None else "< 0.0001" if p < 1e-4 else f"{p:.1g}"


def how_tested(page: DriftPage) -> str:
    """How it was tested; '' where nothing was."""
    if page.whole.p is None or page.bundle is None:
        return ""
    words = tr(
        "The clearest deviation has p {p}, for all questions and stations together; it is told below {alarm}, which "
        "chance alone reaches once in twenty years of weekly looks. The percentiles rest on {held_out} normals."
    )
    groups = [group for group in (page.whole, *page.stations) if group.p is not None]
    p = min(group.p for group in groups if group.p is not None)
    shown = p_words(p)
    said = words.format(
        p=shown if shown.startswith("<") else f"= {shown}", alarm=f"{ALARM:.1g}", held_out=page.bundle.held_out
    )
    if not page.before:
        return said
    return join((said, tr("Compared with the {count} studies before them.").format(count=page.before)))


def window_words(last: int | None) -> str:
    """How many studies are looked at."""
    return tr("all") if last is None else tr("the last {count}").format(count=last)


def verdict_words(group: DriftGroup) -> str:
    """The outcome of one station in a few words."""
    if group.concerns:
        return join(tr(_HEADLINES[concern]) for concern in group.concerns)
    return few_words(group) if group.p is None else tr("As expected.")


def station_row(group: DriftGroup, name: str) -> tuple[str, ...]:
    """Its cells, under `HEADINGS`."""
    median = f"{group.percentiles[len(group.percentiles) // 2]:.0f}" if len(group.percentiles) else "–"
    return (
        name,
        str(group.count),
        median,
        share_words(group.beyond),
        share_words(group.outside),
        p_words(group.p),
        verdict_words(group),
    )


def station_rows(page: DriftPage) -> list[tuple[str, ...]]:
    """All of it, then each station."""
    rows = [station_row(page.whole, tr("All stations"))]
    return rows + [station_row(group, station_name(group)) for group in page.stations]


def reason_rows(page: DriftPage) -> list[tuple[str, str]]:
    """How many images have no score, and why."""
    return [(str(count), say(reason) or tr("no reason is known")) for reason, count in page.reasons]


def page_text(page: DriftPage) -> str:
    """The page for a mail or a spreadsheet: sentences, then tables with tabs. No cell becomes a formula."""
    weights = page.bundle.name if page.bundle else "–"
    asked = tr("Weights {weights}; {window} studies; at most {share:.0f}% abnormal")
    lines = [
        tr("Drift watch"),
        asked.format(weights=weights, window=window_words(page.question.last), share=100 * page.question.abnormal),
        headline(page),
        explanation(page),
        how_tested(page),
    ]
    tables = [[tuple(tr(heading) for heading in HEADINGS), *station_rows(page)]]
    if page.weeks:
        weeks = [
            (date_words(week.monday), str(week.count), *(f"{value:.0f}" for value in week.quartiles))
            for week in page.weeks
        ]
        tables.append(
            [(tr("Week from"), tr("Studies"), tr("Lower quarter"), tr("Median"), tr("Upper quarter")), *weeks]
        )
    if page.reasons:
        tables.append([(tr("Images"), tr("Not scored because")), *reason_rows(page)])
    text = "\n".join(filter(None, lines))
    for table in tables:
        text += "\n\n" + "\n".join("\t".join(csv_cell(cell) for cell in row) for row in table)
    return text + "\n"
