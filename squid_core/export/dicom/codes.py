"""Coded concepts of the results: standard ones where there are any (PS3.16), else our own, 99SQUID."""

from __future__ import annotations

from highdicom.coding_schemes import CodingSchemeIdentificationItem
from highdicom.sr import CodedConcept
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

SCHEME = "99SQUID"


def scheme() -> CodingSchemeIdentificationItem:
    """Who answers for 99SQUID (PS3.3 C.12.1.1.1)."""
    return CodingSchemeIdentificationItem(
        SCHEME, name="Codes of SQUID Viewer", responsible_organization="SQUID Viewer project"
    )


def _own(value: str, meaning: str) -> CodedConcept:
    return CodedConcept(value, SCHEME, meaning)


CHEST_X_RAY = CodedConcept("399208008", "SCT", "Plain chest X-ray")
CHEST, SIDE = codes.SCT.Chest, {"L": codes.SCT.Left, "R": codes.SCT.Right}
PERCENTILE = CodedConcept(codes.DCM.PercentileRankingOfMeasurement.value, "DCM", "Percentile Ranking of measurement")
SPATIAL = CodedConcept("309825002", "SCT", "Spatial and Relational Concept")
YES, NO = codes.SCT.Yes, codes.SCT.No
COMMENT = codes.DCM.Comment
AI: Code = codes.DCM.ArtificialIntelligence
SOURCE_IMAGE = CodedConcept("121322", "DCM", "Source image for image processing operation")
NO_UNITS, PERCENT = codes.UCUM.NoUnits, codes.UCUM.Percent

SCORE = _own("score", "SQUID anomaly score, 0 to 1, high is abnormal")
PAPER_SCORE = _own("paper-score", "SQUID discriminator score A, 0 to 1, high is abnormal")
COMPONENT = _own("component-z", "Evidence as z-score against held-out normal images")
THRESHOLD = _own("threshold", "Least score that is flagged at this specificity on normals")
OUTSIDE_MEMORY = _own("outside-memory", "Image resembles nothing in memory: score means little")
MIRRORED = _own("mirrored", "Chest looks mirrored: check the side markers")
REGISTERED = _own("registered", "Laid on the mean normal chest before it was scored")
WHAT_IF = _own("what-if", "Made with other settings than the model card's")
PATCH = _own("patch", "Image patch and its distance from memory of normal images")
PATCH_DISTANCE = _own("patch-distance", "Distance of the patch's feature from its memory")
ENTRY_SLOT = _own("entry-slot", "Memory entry: slot in the patch's queue")
ENTRY_WEIGHT = _own("entry-weight", "Memory entry: share in the answer, 0 to 1")
ENTRY_SIMILARITY = _own("entry-similarity", "Memory entry: cosine similarity to the patch")
ENTRY_AGE = _own("entry-age", "Memory entry: how many entries were written after it")
PATCH_SEGMENT = _own("patch-95", "Patch at or above 95th percentile of normals' distance")
BRIGHTER = _own("brighter", "Brighter than the normal reconstruction")
DARKER = _own("darker", "Darker than the normal reconstruction")

LENGTH, ANGLE, AREA = codes.SCT.Length, codes.SCT.Angle, codes.SCT.Area
MEAN, SD = codes.SCT.Mean, codes.SCT.StandardDeviation
LEAST, GREATEST = codes.SCT.Minimum, codes.SCT.Maximum
MILLIMETRES, SQUARE_MILLIMETRES, DEGREES = codes.UCUM.Millimeter, codes.UCUM.SquareMillimeter, codes.UCUM.Degree
PIXELS = CodedConcept("{pixels}", "UCUM", "pixels")
RATIO = _own("ctr", "Cardiothoracic ratio: heart's width by thorax's width")
HEART_WIDTH = _own("heart-width", "Greatest width of the heart")
THORAX_WIDTH = _own("thorax-width", "Greatest inner width of the thorax")
GREY_VALUE = _own("grey-value", "Modality value of the pixels in a region")
MARKED = _own("marked", "Marked by a reader")
JUDGEMENT = _own("judgement", "Reader's judgement of the study")


def judged(code: str, words: str) -> CodedConcept:
    """What a reader says of a study."""
    return _own(f"judged-{code}"[:16], words[:64])
