"""Results as DICOM objects (highdicom), each in a new series of the study they are about."""
