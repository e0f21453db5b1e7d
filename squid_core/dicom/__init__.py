"""DICOM files in, DICOM results out. Bytes from outside are parsed in child processes only."""
