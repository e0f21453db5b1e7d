"""Tests of squid_core.dicom."""
