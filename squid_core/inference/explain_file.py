"""`squid explain`: one file -> its explanation, and the explanation as plain values. Torch is loaded last."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from squid_core.bundle.library import AUTO, Bundles
from squid_core.contracts.charset import Charset
from squid_core.contracts.detection import WeightsFacts
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Decision
from squid_core.dicom.readers import Examined, ReaderPool
from squid_core.inference.explanation import ExplainedPatch, Explanation, MemoryReliance, Removal
from squid_core.inference.scorer import load_detector
from squid_core.inference.triage import why_chosen


@dataclass(frozen=True, slots=True)
class Explained:
    """One file's explanation.

    Attributes:
        weights: behind it.
        notices: plain sentences on the file and on the choice of weights, without identifiers.
    """

    explanation: Explanation
    weights: WeightsFacts
    notices: tuple[str, ...] = ()

    @property
    def is_what_if(self) -> bool:
        """Whether it was made with other settings than the card's."""
        return self.weights.is_what_if(self.explanation.detection)


def explain_file(
    path: Path,
    weights: str = AUTO,
    device: str = "auto",
    what_if: dict[str, Any] | None = None,
    patch: int | None = None,
    *,
    accept_asked: bool = False,
    charset: Charset = Charset.AUTOMATIC,
) -> Explained:
    """Explain one DICOM, PNG or JPEG file; its bytes are parsed in a reader process.

    Args:
        path: the file.
        weights: "auto" (by the patient's age), a bundle's name, or its folder.
        device: "auto", "cuda" or "cpu".
        what_if: fields of DetectorSettings that differ from the card's.
        patch: whose entries are wanted, row by row from 1; None for the most abnormal.
        accept_asked: explain also an image about which the program would ask.
        charset: the default character set for text.

    Raises:
        SquidError: the file is none, or no image that may be scored; weights, device, settings or patch cannot be used.
    """
    if not path.is_file():
        raise SquidError(
            "It is a folder." if path.is_dir() else "The file cannot be found.", "Name one DICOM, PNG or JPEG file."
        )
    bundles = Bundles()
    wanted = bundles.preprocessings_by_age(weights)
    with ReaderPool(1, charset=charset) as pool:
        examined = pool.examine(path, wanted).result()
    _refuse(examined, accept_asked=accept_asked)
    age = examined.identity.patient_age if examined.identity else None
    bundle = bundles.choose(weights, age)
    try:
        settings = replace(bundle.settings, **(what_if or {}))
    except ValueError as error:
        raise SquidError(f"The settings are impossible: {error}.", "Choose others.") from error
    patches = None if patch is None else (patch - 1,)
    detector = load_detector(bundle.folder, device)
    model_input = examined.inputs[wanted.of(age).index(bundle.card.preprocessing)]
    explanation = detector.explain(model_input, settings, patches, removals=True)
    return Explained(explanation, bundle.card.facts(), _notices(examined, why_chosen(weights, age)))


def _refuse(examined: Examined, *, accept_asked: bool) -> None:
    verdict = examined.verdict
    if examined.status is not None or verdict is None:
        raise SquidError(examined.message)
    if verdict.decision is Decision.REFUSE:
        raise SquidError(f"Not scored. {verdict.reason}", examined.message)
    if verdict.decision is Decision.ASK and not accept_asked:
        raise SquidError(verdict.reason, "If it is, add --accept-asked.")


def _notices(examined: Examined, why: str) -> tuple[str, ...]:
    asked = examined.verdict.reason if examined.verdict else ""
    return tuple(sentence for sentence in (f"Weights chosen: {why}.", asked, examined.message) if sentence)


def to_record(explained: Explained) -> dict[str, Any]:
    """All numbers of an explanation as plain values: no picture and nothing of the file's header.

    Patches, rows and columns are counted from 1. Where the bundle keeps them, the file names of training images are
    among them.
    """
    explanation = explained.explanation
    detection = explanation.detection
    removals = {(removal.patch, removal.slot): removal for removal in explanation.removals}
    return {
        "research_use_only": True,
        "weights": detection.model,
        "weights_sha256": detection.model_hash,
        "what_if": explained.is_what_if,
        "settings": asdict(detection.trial.settings),
        "score": detection.score,
        "percentile": detection.percentile,
        "paper_score": detection.paper_score,
        "components": detection.components,
        "outside_memory": detection.outside_memory,
        "pose": None if detection.pose is None else asdict(detection.pose),
        "grid": detection.grid,
        "patch_percentiles": [[round(float(p), 2) for p in row] for row in detection.patch_percentiles],
        "patch_distances": [[round(float(d), 6) for d in row] for row in detection.patch_scores],
        "lesion_map": None if explanation.lesion_map is None else explanation.lesion_map.round(4).tolist(),
        "memory_reliance": _reliance(explanation.reliance),
        "patches": [_patch(entries, detection.grid, removals) for entries in explanation.patches],
        "notices": list(explained.notices),
    }


def _reliance(reliance: MemoryReliance | None) -> dict[str, float | None] | None:
    if reliance is None:
        return None
    return {"share": reliance.share, "memory_change": reliance.memory_change, "bypass_change": reliance.bypass_change}


def _patch(entries: ExplainedPatch, grid: int, removals: dict[tuple[int, int], Removal]) -> dict[str, Any]:
    row, column = divmod(entries.patch, grid)
    found = []
    for match in entries.matches:
        entry = asdict(match)
        if removal := removals.get((entries.patch, match.slot)):
            entry |= {"score_change_without": removal.score_change, "picture_change_without": removal.picture_change}
        found.append(entry)
    return {"patch": entries.patch + 1, "row": row + 1, "column": column + 1, "entries": found}
