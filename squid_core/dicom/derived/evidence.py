"""The header of the image a result is about."""

from __future__ import annotations

# Patient, study and image attributes that results copy or refer to (PS3.3 C.7.1, C.7.2).
KEYWORDS = ("StudyTime", "StudyID", "ReferringPhysicianName", "InstanceNumber", "SeriesNumber")
