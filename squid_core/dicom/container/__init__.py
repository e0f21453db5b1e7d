"""Which files there are: folders, archives, indexes, and what is no DICOM."""
