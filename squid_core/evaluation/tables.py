"""The figures of an evaluation as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

NAME, WIDE = 48, 62  # width of the first column


def as_text(figures: Mapping[str, Any]) -> str:
    """One bundle's report; parts that were not asked for are not in it."""
    low, high = figures["auc_95"]
    lines = [
        f"{figures['normals']} normal, {figures['abnormals']} abnormal; score: {figures['score']}",
        f"AUC {100 * figures['auc']:.1f}  (95% interval {100 * low:.1f} to {100 * high:.1f}, bootstrap)",
        f"AUC of the paper's A {100 * figures['auc_paper_score']:.1f}",
        f"AUC of the combined score {100 * figures['auc_combined_score']:.1f}",
        *_components(figures),
        *_groups(figures),
        *_sharpness(figures),
        *_operating_points(figures),
        *_calibration(figures),
        *_stress(figures),
        *_sites(figures),
        *_sources(figures),
        *_adapted(figures),
        *_pictures(figures),
        *_outside(figures),
    ]
    return "\n".join(lines)


def seeds_as_text(all_figures: Sequence[Mapping[str, Any]], summary: Mapping[str, Any]) -> str:
    """Several bundles: mean +- standard deviation of the main figures, and each bundle's own."""
    first, score = all_figures[0], all_figures[0]["score"]
    rows: dict[str, tuple[str, ...]] = {
        f"AUC of the score ({score})": ("auc",),
        "AUC of the paper's A": ("auc_paper_score",),
        "AUC of the combined score": ("auc_combined_score",),
        **{f"AUC of {name} alone": ("auc_components", name) for name in first["auc_components"]},
        **{f"AUC against {name}": ("auc_by_group", name, score) for name in first.get("auc_by_group", {})},
        "AUC at equal sharpness": ("equal_sharpness", "auc"),
        "AUC of training against evaluated normals": ("training_normals", "auc_against_evaluated_normals"),
        **{
            f"sensitivity at {name}% specificity on held-out": (
                "held_out_normals_protocol",
                f"specificity_{name}",
                "sensitivity",
            )
            for name in first["calibration"]
        },
        **{
            f"normals beyond the {name}th percentile": ("calibration", name, "exceeded")
            for name in summary.get("calibration", {})
        },
    }
    lines = [f"{'':{NAME}}  mean +- std   {len(all_figures)} bundles"]
    for title, path in rows.items():
        if found := _at(summary, path):
            each = " ".join(f"{100 * _at(figures, path):.1f}" for figures in all_figures)
            lines.append(f"{title:{NAME}}{100 * found['mean']:6.1f} +- {100 * found['std']:.1f}   {each}")
    return "\n".join(lines)


def _at(figures: Mapping[str, Any], steps: Sequence[str]) -> Any:  # noqa: ANN401
    """The value along a path of keys, None where the path breaks off."""
    found: Any = figures
    for step in steps:
        if not isinstance(found, Mapping) or step not in found:
            return None
        found = found[step]
    return found


def _components(figures: Mapping[str, Any]) -> Iterator[str]:
    """AUC of each component alone, where no table below has it."""
    if "equal_sharpness" not in figures:
        for name, value in figures["auc_components"].items():
            yield f"AUC of {name} alone {100 * value:.1f}"


def _groups(figures: Mapping[str, Any]) -> Iterator[str]:
    """AUC by group of abnormal images and kind of score."""
    rows: Mapping[str, Mapping[str, float]] = figures.get("auc_by_group", {})
    if not rows:
        return
    intervals, cells = figures.get("auc_by_group_95", {}), figures.get("auc_of_cells", {})
    kinds = next(iter(rows.values()))
    yield "AUC against".ljust(24) + "".join(f"  {kind}" for kind in kinds)
    for name, row in rows.items():
        line = f"{name[:23]:24}" + "".join(f"{100 * row[k]:{len(k) + 2}.1f}" for k in kinds)
        if name in intervals:
            low, high = intervals[name]
            line += f"   {figures['score']} {100 * low:.1f} to {100 * high:.1f}"
        if cells.get(name) is not None:
            line += f"   its cells by memory {100 * cells[name]:.1f}"
        yield line


def _sharpness(figures: Mapping[str, Any]) -> Iterator[str]:
    """What no training reaches, and everything again at equal sharpness."""
    equal = figures.get("equal_sharpness", {})
    if equal:
        yield f"{'':{WIDE}}   plain   at equal sharpness"
        low, high = equal["auc_95"]
        line = f"{'AUC of the score':{WIDE}}{100 * figures['auc']:8.1f}{100 * equal['auc']:8.1f}"
        yield f"{line}   ({100 * low:.1f} to {100 * high:.1f})"
        for name, value in figures["auc_components"].items():
            yield f"{f'AUC of {name} alone':{WIDE}}{100 * value:8.1f}{100 * equal['auc_by_score'][name]:8.1f}"
    for name, floor in (figures.get("floors") or {}).items():
        line = f"{f'floor, no training: AUC of {name}'.replace('_', ' '):{WIDE}}{100 * floor['auc']:8.1f}"
        if equal:
            line += f"{100 * equal['floors'][name]['auc']:8.1f}" if name in equal["floors"] else f"{'equal':>8}"
        by_group = ", ".join(f"{group} {100 * value:.1f}" for group, value in floor.get("by_group", {}).items())
        yield f"{line}   ({by_group})" if by_group else line
    if "training_normals" in figures:
        value = figures["training_normals"]["auc_against_evaluated_normals"]
        yield f"{'AUC of training against evaluated normals':{WIDE}}{100 * value:8.1f}   (50 is right)"


def _operating_points(figures: Mapping[str, Any]) -> Iterator[str]:
    yield f"{'':44}accuracy     F1   sens.   spec."
    rows = {"best threshold on this set (published protocol)": figures["published_protocol"]}
    for name, row in figures["held_out_normals_protocol"].items():
        rows[f"{name.split('_')[1]}% specificity on held-out normals"] = row
    for name, row in rows.items():
        cells = "".join(f"{100 * row[k]:8.1f}" for k in ("accuracy", "f1", "sensitivity", "specificity"))
        yield f"{name:{NAME}}{cells}"


def _calibration(figures: Mapping[str, Any]) -> Iterator[str]:
    for name, row in figures["calibration"].items():
        low, high = row["interval_95"]
        line = f"normals beyond the {name}th percentile of held-out ones"
        expected, found = 100 * row["expected"], 100 * row["exceeded"]
        yield f"{line:52}{found:5.1f}%  (95% interval {100 * low:.1f} to {100 * high:.1f}; {expected:.0f} is right)"


def _stress(figures: Mapping[str, Any]) -> Iterator[str]:
    """How far the percentile moves, normals and abnormals apart."""
    stress = figures.get("stress")
    if not stress:
        return
    counts = stress["pictures"]
    yield (
        f"percentile points moved, {counts['normal']} normals and {counts['abnormal']} abnormals     "
        "normal: median   worst   abnormal: median   worst   AUC normal against changed (50 is right)"
    )
    for heading, rows in (("written as DICOM, read back: ", stress["dicom"]), ("picture ", stress["changed"])):
        for name, row in rows.items():
            cells = "".join(
                f"{row[group]['median']:19.1f}{row[group]['worst']:8.1f}" if group in row else " " * 27
                for group in ("normal", "abnormal")
            )
            change = row.get("auc_normal_against_changed")
            line = f"{heading + name:{NAME}}{cells}" + ("" if change is None else f"{100 * change:10.1f}")
            lost = row.get("not_read", 0)
            yield f"{line}   {lost} not read as a chest" if lost else line


def _sites(figures: Mapping[str, Any]) -> Iterator[str]:
    """At made-up hospitals: the shares of normals beyond each percentile, AUC, and what is flagged."""
    found = figures.get("pseudo_sites")
    if not found:
        return
    percentiles = list(found["median"]["beyond"])
    yield (
        f"at {len(found['sites'])} made-up hospitals, {found['normals']} normals and {found['abnormals']} abnormals "
        "each; % of normals beyond a percentile, % outside memory"
    )
    yield f"{'':24}" + "".join(f"{name + 'th':>8}" for name in percentiles) + f"{'AUC':>26}   outside: normal  abnormal"
    for name in ("median", "worst"):
        row = found[name]
        cells = "".join(f"{100 * share:8.1f}" for share in row["beyond"].values())
        yield (
            f"{name:24}{cells}{100 * row['auc']:10.1f}{'':16}"
            f"{100 * row['outside_memory']['normal']:18.1f}{100 * row['outside_memory']['abnormal']:10.1f}"
        )
    for site in found["sites"]:
        name = f"site {site['seed']}, distance {site['distance']:.2f}"
        cells = "".join(f"{100 * site['normal']['beyond'][one]['exceeded']:8.1f}" for one in percentiles)
        low, high = site["auc_95"]
        flagged = "".join(f"{100 * site[group]['outside_memory']['flagged']:10.1f}" for group in ("normal", "abnormal"))
        yield f"{name:24}{cells}{100 * site['auc']:10.1f} ({100 * low:.1f} to {100 * high:.1f}){'':8}{flagged}"


def _sources(figures: Mapping[str, Any]) -> Iterator[str]:
    """Real pictures of one label each; no AUC, which across sources would measure the sources."""
    found = figures.get("by_source")
    if not found:
        return
    yield "by source, % beyond each percentile of held-out normals; no AUC: across sources it would measure the sources"
    for name, row in found.items():
        yield f"{name[:40]} ({row['count']} pictures)"
        for percentile, beyond in row["beyond"].items():
            title = f"beyond the {percentile}th percentile"
            yield f"    {title:{NAME}}{_share(beyond['exceeded'], beyond['interval_95'])}"
        outside = row["outside_memory"]
        yield f"    {'outside memory':{NAME}}{_share(outside['flagged'], outside['interval_95'])}"


def _adapted(figures: Mapping[str, Any]) -> Iterator[str]:
    """By place, before and after adaptations to its normals."""
    found = figures.get("adapted")
    if not found:
        return
    yield (
        f"adapted to normals of the place; mean +- std over draws{'':8}tested   beyond the 95th percentile"
        f"{'':22}AUC (95% intervals of one evaluation)"
    )
    for place, rows in found.items():
        for row in rows:
            title = f"    {place}, {row['normals']} normals" if row["normals"] else f"    {place}, as shipped"
            if "refused" in row:
                yield f"{title:{WIDE}} refused: {row['refused']}"
                continue
            cells = (
                f"{100 * one['mean']:8.1f} +- {100 * one['std']:4.1f} ({100 * one['interval_95'][0]:.1f} to "
                f"{100 * one['interval_95'][1]:.1f})".ljust(36)
                for one in (row["beyond"]["95"], row["auc"])
            )
            refused = rows[0]["draws"] - row["draws"]
            note = f"{refused} of {rows[0]['draws']} draws were refused" if refused else ""
            yield f"{title:{WIDE}}{row['tested']:6}{''.join(cells)}{note}".rstrip()


def _share(share: float, interval: Sequence[float]) -> str:
    low, high = interval
    return f"{100 * share:5.1f}%  (95% interval {100 * low:.1f} to {100 * high:.1f})"


def _pictures(figures: Mapping[str, Any]) -> Iterator[str]:
    """Of the normal pictures: how many are normal to the critic, how far this patient's, and how sharp."""
    if "picture" not in figures:
        return
    yield f"\n{'normal pictures':{NAME}}normal to the critic   this patient's (SSIM)   sharpness of normals   ms"
    for group, found in figures["picture"].items():
        title = f"{group} ({found['images']}), the image itself"
        yield f"{title:{NAME}}{100 * found['image']['normal']:6.1f}%"
        for what, ms in (("student", ""), ("picture", f"{found['milliseconds']:.0f}")):
            one = found[what]
            figures_of = f"{100 * one['normal']:6.1f}%{one['own']:23.3f}{one['sharpness']:24.2f}"
            yield f"{f'{group}, {what}':{NAME}}{figures_of}{ms:>10}"


def _outside(figures: Mapping[str, Any]) -> Iterator[str]:
    """The shares flagged as outside memory."""
    yield "outside memory: " + ", ".join(f"{100 * v:.1f}% of {k}" for k, v in figures["outside_memory"].items())
    for name, row in figures.get("outside", {}).items():
        low, high = row["interval_95"]
        wish = {True: "should be", False: "should not be", None: "not known"}[row["should"]]
        share = f"{100 * row['flagged']:5.1f}%  of {row['count']:4}  (95% interval {100 * low:.1f} to {100 * high:.1f})"
        yield f"{f'outside memory, {wish}: {name}':{NAME + 16}}{share}"
