"""The figures of a mark, and what a tool asks for, in words."""

from __future__ import annotations

from app.domain.marks.measurements import (
    USUAL_RATIO,
    Angle,
    Arrow,
    CardiothoracicRatio,
    KnownLength,
    Length,
    Measurement,
    Note,
    Quantity,
    Scale,
    Unit,
    angle_degrees,
    cardiothoracic_ratio,
    distance,
    roi_area,
    scale_by,
)
from app.domain.marks.roi_statistics import RoiStatistics
from app.domain.marks.tools import REPLACING, Tool
from app.i18n.language import tr
from app.ui.words.words import grey_number
from squid_core.contracts.radiograph import Identity, Radiograph, Spacing, SpacingSource

ADULT_YEARS = 18.0


def length_words(quantity: Quantity) -> str:
    """Such as 123.4 mm, or 312 px."""
    if quantity.unit is Unit.PIXELS:
        return tr("{value:.0f} px").format(value=quantity.value)
    return tr("{value:.1f} mm").format(value=quantity.value)


def area_words(quantity: Quantity) -> str:
    """Such as 1234 mm², or 5210 px."""
    if quantity.unit is Unit.PIXELS:
        return tr("area {value:.0f} px").format(value=quantity.value)
    return tr("area {value:.0f} mm²").format(value=quantity.value)


def source_words(spacing: Spacing | None) -> str:
    """Where the millimetres come from; '' where there are none."""
    if spacing is None:
        return ""
    return {
        SpacingSource.DETECTOR: tr("at detector"),
        SpacingSource.CALIBRATED: tr("calibrated"),
        SpacingSource.MAGNIFIED: tr("magnified by {factor:.3g}").format(factor=spacing.magnification),
        SpacingSource.FILM: tr("on the film"),
        SpacingSource.PATIENT: tr("in the patient"),
        SpacingSource.READER: tr("calibrated by the reader"),
    }[spacing.source]


def figure_lines(
    mark: Measurement, radiograph: Radiograph, spacing: Spacing | None, statistics: RoiStatistics | None = None
) -> tuple[str, ...]:
    """What is written beside a mark, most important line first.

    Args:
        mark: one mark.
        radiograph: that it is drawn on.
        spacing: in use there, which is the reader's where the image was calibrated.
        statistics: of a region's pixels; None where it has none.
    """
    scale = scale_by(spacing, radiograph.aspect)
    if isinstance(mark, Length):
        return _with_source((length_words(distance(mark.points[0], mark.points[1], scale)),), spacing)
    if isinstance(mark, KnownLength):
        return (tr("known: {length}").format(length=length_words(Quantity(mark.length_mm, Unit.MILLIMETRES))),)
    if isinstance(mark, Angle):
        return (tr("{value:.1f}°").format(value=angle_degrees(mark, scale)),)
    if isinstance(mark, CardiothoracicRatio):
        return _ratio_lines(mark, radiograph.identity, scale, spacing)
    if isinstance(mark, Note | Arrow):
        return (mark.text,) if mark.text else ()
    values: tuple[str, ...] = (tr("colours, no values") if radiograph.is_colour else tr("no pixel inside"),)
    if statistics is not None:
        values = (
            tr("mean {mean}  sd {sd}").format(mean=grey_number(statistics.mean), sd=grey_number(statistics.sd)),
            tr("min {least}  max {greatest}").format(
                least=grey_number(statistics.least), greatest=grey_number(statistics.greatest)
            ),
        )
    return _with_source((*values, area_words(roi_area(mark, scale))), spacing)


def _ratio_lines(
    mark: CardiothoracicRatio, identity: Identity, scale: Scale, spacing: Spacing | None
) -> tuple[str, ...]:
    ratio = cardiothoracic_ratio(mark, scale)
    if ratio is None:
        return (tr("CTR –"),)
    lengths = tr("heart {heart}, thorax {thorax}").format(
        heart=length_words(distance(*mark.heart, scale)), thorax=length_words(distance(*mark.thorax, scale))
    )
    shown = round(ratio, 2)  # what is said of the ratio is said of the number that stands there
    if shown == USUAL_RATIO:
        words = tr("at the usual limit of {usual:.1f}")
    else:
        words = tr("over the usual {usual:.1f}") if shown > USUAL_RATIO else tr("within the usual {usual:.1f}")
    compared = words.format(usual=USUAL_RATIO)
    first = tr("CTR {ratio:.2f}, {compared}").format(ratio=ratio, compared=compared)
    return _with_source((first, *_caveats(identity), lengths), spacing)


def _caveats(identity: Identity) -> tuple[str, ...]:
    """When the usual mark does not hold: it is of upright adults, postero-anterior."""
    found = []
    if identity.view_position.strip().upper() == "AP":
        found.append(tr("AP view: the heart looks larger"))
    if identity.patient_age is not None and identity.patient_age < ADULT_YEARS:
        found.append(tr("a child: the usual mark is for adults"))
    return tuple(found)


def _with_source(lines: tuple[str, ...], spacing: Spacing | None) -> tuple[str, ...]:
    source = source_words(spacing)
    return (*lines, source) if source else lines


def kind_word(mark: Measurement) -> str:
    """What a mark is called."""
    if isinstance(mark, Length):
        return tr("Length")
    if isinstance(mark, Angle):
        return tr("Angle")
    if isinstance(mark, CardiothoracicRatio):
        return tr("Cardiothoracic ratio")
    if isinstance(mark, KnownLength):
        return tr("Calibration")
    if isinstance(mark, Arrow):
        return tr("Arrow")
    return tr("Note") if isinstance(mark, Note) else tr("Region")


CORNERED = (Tool.ROI_ELLIPSE, Tool.ROI_RECTANGLE, *REPLACING)


def tool_hint(tool: Tool, placed: int) -> str:
    """What the tool waits for after so many points."""
    if tool is Tool.CTR:
        return (
            tr("Heart: one end of its greatest width"),
            tr("Heart: the other end"),
            tr("Thorax: one end of its greatest inner width"),
            tr("Thorax: the other end"),
        )[placed]
    if tool is Tool.ANGLE:
        return (tr("Angle: the end of one arm"), tr("Angle: the vertex"), tr("Angle: the end of the other arm"))[placed]
    firsts = {
        Tool.LENGTH: tr("Length: one end"),
        Tool.ROI_ELLIPSE: tr("Ellipse: one corner of its box"),
        Tool.ROI_RECTANGLE: tr("Rectangle: one corner"),
        Tool.CALIBRATE: tr("Calibration: one end of something whose length you know"),
        Tool.ARROW: tr("Arrow: what it points at"),
        Tool.NOTE: tr("Note: where it stands"),
        Tool.REPLACE_ELLIPSE: tr("Replace by normal: one corner of the box"),
        Tool.REPLACE_RECTANGLE: tr("Replace by normal: one corner"),
    }
    if placed == 0:
        return firsts.get(tool, "")
    return tr("The opposite corner") if tool in CORNERED else tr("The other end")


def mark_description(mark: Measurement, lines: tuple[str, ...]) -> str:
    """A selected mark as a screen reader says it."""
    return ", ".join((kind_word(mark), *lines))
