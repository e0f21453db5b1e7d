from __future__ import annotations

from dataclasses import replace

from app.domain.importing import ImportReport


def test_the_report_counts_reasons_and_says_them_in_a_line() -> None:
    report = ImportReport(found=4, images=1)
    for reason in ("No DICOM file.", "No DICOM file.", "A link."):
        report = report.with_reason(reason)
    assert report.left_out == 3
    assert report.text == ("Import finished: 1 of 4 files are images; 2 left out: No DICOM file; 1 left out: A link")
    assert replace(report, running=True).text == "Importing: 4 files seen, 1 images"
    assert replace(report, cancelled=True).text.startswith("Import stopped")
