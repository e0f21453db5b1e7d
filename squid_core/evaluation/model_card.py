"""A bundle's card as a page to read, after Mitchell et al. 2019, "Model Cards for Model Reporting" (FAT*).

Every figure is the card's; what the card does not say is left out. Markdown, so that the same page stands in the
documents and in the program's help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from squid_core.bundle.card import Card, Estimate, NotUsed, Share
from squid_core.evaluation.metrics import wilson
from squid_core.preprocessing import Preprocessing

Words = Callable[[str], str]  # an English sentence or label in the reader's language
Record = Mapping[str, Any]  # what was measured on one set of images, as `squid evaluate` notes it
LINE = "95"  # the percentile that is said where one must do
MEGABYTE = 1_000_000


def cards_page(cards: Sequence[tuple[Card, int]], words: Words = str) -> str:
    """All cards on one page, each below its name.

    Args:
        cards: of bundles, each with the size of its model.safetensors in bytes.
        words: translates what this page says; the cards' own sentences stay as they are.
    """
    parts = [
        f"# {words('Model cards')}",
        words(
            "What each set of weights is for, what it was made of, what was measured of it, and what it is not good"
            " for."
        ),
        words(
            "Every figure here is read from the weights' own card. The scheme is that of Mitchell et al. 2019, Model"
            " Cards for Model Reporting. A card's own sentences are in English."
        ),
        f"[{words('How the figures were made')}](experiments.md)",
        *(card_page(card, size, words) for card, size in cards),
    ]
    return "\n\n".join(parts) + "\n"


def card_page(card: Card, weights_bytes: int, words: Words = str) -> str:
    """One card, with headings from the second level on.

    Args:
        card: of the bundle.
        weights_bytes: size of its model.safetensors.
        words: see `cards_page`.
    """
    parts = [f"## {_plain(card.name)}"]
    parts += [f"**{_plain(card.title)}.** {words(card.intended_use)}" if card.title else words(card.intended_use)]
    parts += [_plain(card.description)] if card.description else []
    parts += [f"### {words('At a glance')}", _glance(card, weights_bytes, words)]
    parts += [f"### {words('What it is for')}", *_uses(card, words)]
    if card.limits:
        parts += [f"### {words('Limits')}", _list(map(_plain, card.limits))]
    parts += [f"### {words('What it was made of')}", *_made_of(card, words)]
    parts += [f"### {words('How an image is prepared')}", _list(_prepared(card.preprocessing, words))]
    parts += [f"### {words('What the score is made of')}", *_score(card, words)]
    measured = [*_measured(card, words)]
    parts += [f"### {words('What was measured')}", *(measured or [words("Nothing was measured of these weights.")])]
    if card.licence:
        parts += [f"### {words('Licence and thanks')}", _plain(card.licence)]
    return "\n\n".join(parts)


def _glance(card: Card, weights_bytes: int, words: Words) -> str:
    populations = {
        "paediatric": words("children under 18"),
        "adult": words("adults, and patients of unknown age"),
        "any": words("any"),
    }
    rows = [
        (words("Name"), f"`{card.name}`"),
        (words("Patients"), populations[card.population]),
        (words("Network reads"), f"{card.network.image_size} × {card.network.image_size}"),
        (words("Memory"), _memory(card, words)),
        (words("Settings of triage"), _settings(card, words)),
        (words("Held-out normals"), str(card.calibration.held_out_normals)),
        (words("Size of the weights"), f"{weights_bytes / MEGABYTE:.1f} MB"),
        (words("SHA-256 of the weights"), f"`{card.weights_sha256}`"),
    ]
    return _table((words("what"), words("as the card says")), rows)


def _memory(card: Card, words: Words) -> str:
    said = words("{patches} patches, {slots} entries each")
    return said.format(patches=card.network.grid**2, slots=card.network.slots)


def _settings(card: Card, words: Words) -> str:
    settings = card.settings
    said = words("top-k {top_k}, shrinkage {shrinkage}, gate {gate}")
    return said.format(top_k=settings.top_k, shrinkage=settings.shrinkage.value, gate=settings.gate.value)


def _uses(card: Card, words: Words) -> Iterator[str]:
    if card.subject != "chest":
        yield words("To try the method on pictures of digits. It says nothing about radiographs.")
        return
    yield words(
        "Frontal chest X-rays (PA or AP), read by somebody who reads them anyway: the least normal ones come first, and"
        " beside each stands the normal chest that it might have been."
    )
    yield f"**{words('It must not be used')}**"
    refused = [
        words("to diagnose, treat or triage patients, or to leave an image unread;"),
        words("to call a chest normal: a low score does not say so;"),
        words("on lateral views, other parts of the body, animals or other kinds of picture;"),
    ]
    if card.population == "adult":
        refused.append(words("on children: other weights are made for them."))
    elif card.population == "paediatric":
        refused.append(words("on adults: other weights are made for them."))
    yield _list(refused)


def _made_of(card: Card, words: Words) -> Iterator[str]:
    if card.data:
        yield _plain(card.data)
    metrics = card.metrics
    rows = [
        (words("Images trained on"), metrics.get("training_images") or metrics.get("training_grids_an_epoch")),
        (words("Normals of elsewhere, for the lesion critic"), metrics.get("normals_from_elsewhere")),
        (words("Normals held out for calibration"), card.calibration.held_out_normals),
        (words("Preset and seed"), f"{card.preset}, {card.seed}" if card.preset else None),
        (words("Steps of the networks"), card.steps or None),
        (words("Epochs"), card.epochs or None),
        (words("Steps of the lesion critic"), card.critic_steps or None),
        (words("Lesion critic taken from"), card.critic_from or None),
        (words("Steps of the painting network"), card.picture_steps or None),
        (words("Networks went on from"), _shortened(card.networks_from) or None),
        (words("Minutes of the training"), card.minutes or None),
    ]
    adapted = card.adapted
    if adapted is not None:
        rows += [
            (words("Made from"), f"{adapted.parent}, `{adapted.parent_sha256[:12]}`"),
            (words("Made on"), adapted.made),
            (words("Normal images of this place, each of another patient"), adapted.normals),
            (words("Whose"), _plain(adapted.site) or None),
            (words("Entries of each memory that are theirs"), adapted.entries),
        ]
    yield _table((words("what"), words("as the card says")), [(name, str(value)) for name, value in rows if value])
    if adapted is not None and adapted.not_used:
        yield words("Not used:")
        reasons: dict[str, str] = {
            NotUsed.UNREADABLE: words("could not be read, or are not for the detector"),
            NotUsed.AGE: words("patients of another age"),
            NotUsed.PATIENT: words("further images of a patient"),
            NotUsed.OUTSIDE: words("resemble nothing in memory"),
            NotUsed.UNUSUAL: words("far less normal than the others"),
            NotUsed.SPARE: words("more than are needed"),
        }
        yield _list(f"{reasons.get(reason, _plain(reason))}: {count}" for reason, count in adapted.not_used.items())


def _shortened(name_and_hash: str) -> str:
    """`name, SHA-256` with as much of the hash as a table has room for."""
    name, _, digest = name_and_hash.partition(", ")
    return f"{name}, `{digest[:12]}`" if digest else name


def _prepared(preprocessing: Preprocessing, words: Words) -> Iterator[str]:
    if preprocessing.collimated:
        yield words("Even borders, as of a collimator or a scanner, are cut off.")
    if preprocessing.mean_chest:
        yield words("The picture is laid on the mean normal chest of these weights; what cannot be laid is seen whole.")
    elif preprocessing.fit == "squeeze":
        yield words("It is made square, each side scaled on its own.")
    else:
        yield words("Its middle square is taken.")
    said = words("It is reduced to {size} pixels a side; the {low}th and {high}th percentile become black and white.")
    yield said.format(size=preprocessing.size, low=f"{preprocessing.low:g}", high=f"{preprocessing.high:g}")
    if preprocessing.tone:
        yield words("A power of the greys brings its middle to one brightness, so the file's gamma does not matter.")
    yield words("Bit depth, rescale and window of the file do not matter.")


def _score(card: Card, words: Words) -> Iterator[str]:
    calibration = card.calibration
    if calibration.score == "paper":
        yield words("The paper's score: the discriminator alone.")
    else:
        groups = ", ".join(words(name) for name in calibration.components)
        said = words("The combined score: {parts}, each in standard deviations from held-out normals.")
        yield said.format(parts=groups)
    said = words("Percentiles and lines were fitted on {count} held-out normals, and on nothing abnormal.")
    yield said.format(count=calibration.held_out_normals)
    rows = [
        (f"{name}%", f"{threshold:.3f}", f"{100 - float(name):g}%")
        for name, threshold in sorted(calibration.thresholds.items(), key=lambda line: float(line[0]))
    ]
    if rows:
        yield _table((words("line"), words("score from"), words("normals beyond it, as fitted")), rows)


def _measured(card: Card, words: Words) -> Iterator[str]:
    for name in ("validation", "test"):
        record = card.metrics.get(name)
        if isinstance(record, Mapping) and "auc" in record:
            title = {"validation": words("Validation"), "test": words("Test")}[name]
            yield f"#### {title}"
            if "what" in record:
                yield _plain(str(record["what"]))
            yield from _record(record, words)
    spread: Record = next(
        (r["over_seeds"] for r in card.metrics.values() if isinstance(r, Mapping) and "over_seeds" in r), {}
    )
    if "auc" in spread:
        said = words("Over {count} trainings with other seeds the AUC is {mean} ± {spread} (standard deviation).")
        yield said.format(
            count=len(spread["weights"]), mean=f"{spread['auc']['mean']:.3f}", spread=f"{spread['auc']['std']:.3f}"
        )
    if card.adapted is not None:
        yield f"#### {words('Normals of this place')}"
        yield words("Each image was scored by weights that were made from others.")
        yield _of_place(card.adapted.before, card.adapted.after, card.adapted.normals, words)


def _record(record: Record, words: Words) -> Iterator[str]:
    rows = [(words("all"), f"{record['normals']} / {record['abnormals']}", _auc(record["auc"], record.get("auc_95")))]
    intervals = record.get("auc_by_group_95", {})
    rows += [
        (_plain(group), "", _auc(by_score[record["score"]], intervals.get(group)))
        for group, by_score in record.get("auc_by_group", {}).items()
    ]
    rows.append((words("all, by the paper's score alone"), "", _auc(record["auc_paper_score"])))
    yield _table((words("images"), words("normal / abnormal"), words("AUC (95% interval)")), rows)
    yield from _lines(record, words)
    yield from _elsewhere(record, words)
    yield from _no_chest(record, words)
    yield from _moved(record, words)


def _lines(record: Record, words: Words) -> Iterator[str]:
    lines = record.get("held_out_normals_protocol", {})
    rows = [
        (
            f"{name.removeprefix('specificity_')}%",
            _share(figures["sensitivity"], record["abnormals"]),
            _share(figures["specificity"], record["normals"]),
        )
        for name, figures in lines.items()
    ]
    if rows:
        head = (words("line"), words("abnormal ones beyond it (sensitivity)"), words("normal ones below (specificity)"))
        yield _table(head, rows)


def _elsewhere(record: Record, words: Words) -> Iterator[str]:
    sites = record.get("pseudo_sites")
    if sites:
        yield f"##### {words('Other hospitals')}"
        said = words(
            "At {count} made-up hospitals the AUC is {median} at the median and {worst} at the worst, and {beyond} of"
            " normals lie beyond the 95% line at the median, {most} at the worst; {right} would be right."
        )
        median, worst = sites["median"], sites["worst"]
        yield said.format(
            count=len(sites["sites"]), median=f"{median['auc']:.3f}", worst=f"{worst['auc']:.3f}",
            beyond=_percent(median["beyond"][LINE]), most=_percent(worst["beyond"][LINE]),
            right=_percent(1 - float(LINE) / 100),
        )  # fmt: skip
    rows = [
        (
            f"`{name}`", str(source["count"]),
            _with_interval(source["beyond"][LINE]["exceeded"], source["beyond"][LINE]["interval_95"]),
            _with_interval(source["outside_memory"]["flagged"], source["outside_memory"]["interval_95"]),
        )
        for name, source in record.get("by_source", {}).items()
    ]  # fmt: skip
    if rows:
        head = (words("source"), words("images"), words("beyond the 95% line"), words("unlike memory"))
        yield _table(head, rows)


def _no_chest(record: Record, words: Words) -> Iterator[str]:
    rows = [
        (_plain(name), str(found["count"]), words("yes") if found["should"] else words("no"),
         _with_interval(found["flagged"], found["interval_95"]))
        for name, found in record.get("outside", {}).items()
    ]  # fmt: skip
    if rows:
        yield f"##### {words('What is told to be no upright frontal chest')}"
        head = (words("pictures"), words("count"), words("should it be?"), words("called unlike memory"))
        yield _table(head, rows)


def _moved(record: Record, words: Words) -> Iterator[str]:
    rows = [
        (_plain(name), *(f"{change['normal'][how]:.1f}" for how in ("median", "p95", "worst")))
        for name, change in record.get("stress", {}).get("changed", {}).items()
    ]
    if rows:
        yield f"##### {words('How far a percentile of normals moves, in points')}"
        yield _table((words("change"), words("median"), words("95 of 100 less than"), words("worst")), rows)


def _of_place(before: Estimate, after: Estimate, normals: int, words: Words) -> str:
    rows = [
        (f"{name}%", f"{100 - float(name):g}%", _of_share(before.beyond[name], normals), _of_share(share, normals))
        for name, share in after.beyond.items()
    ]
    head = (words("beyond the line"), words("right"), words("former weights"), words("these weights"))
    return _table(head, rows)


def _of_share(share: Share, normals: int) -> str:
    return _with_interval(share.count / normals, (share.low, share.high))


def _share(share: float, total: int) -> str:
    """A share of so many images, with its 95% interval (Wilson)."""
    return _with_interval(share, wilson(round(share * total), total))


def _with_interval(share: float, interval: Sequence[float]) -> str:
    return f"{_percent(share)} ({_percent(interval[0], '')}–{_percent(interval[1])})"


def _percent(share: float, sign: str = "%") -> str:
    return f"{100 * share:.1f}{sign}"


def _auc(value: float, interval: Sequence[float] | None = None) -> str:
    return f"{value:.3f} ({interval[0]:.3f}–{interval[1]:.3f})" if interval else f"{value:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _plain(text: str) -> str:
    """A card is a file from outside: its text means nothing to Markdown or HTML."""
    marks = {ord(sign): f"\\{sign}" for sign in r"\`*_[]<>|#!~"}
    return " ".join(text.split()).translate(marks).replace("&", "&amp;")
