from __future__ import annotations

from dataclasses import replace

from app.domain.importing import MAX_REASONS, OTHER_REASON, ImportReport


def test_the_report_counts_reasons_and_says_them_in_a_line() -> None:
    report = ImportReport(found=4, images=1)
    for reason in ("No DICOM file.", "No DICOM file.", "A link."):
        report = report.with_reason(reason)
    assert report.left_out == 3
    assert report.text == ("Import finished: 1 of 4 files are images; 2 left out: No DICOM file; 1 left out: A link")
    assert replace(report, running=True).text == "Importing: 4 files seen, 1 images"
    assert replace(report, cancelled=True).text.startswith("Import stopped")


def test_a_thousand_different_reasons_are_counted_under_few() -> None:
    report = ImportReport()
    for number in range(1000):
        report = report.with_reason(f"A DICOMDIR that lists files which are not there: {number}.")
    assert len(report.reasons) == MAX_REASONS + 1
    assert dict(report.reasons)[OTHER_REASON] == 1000 - MAX_REASONS
    assert report.left_out == 1000
