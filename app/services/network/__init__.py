"""Other systems, as the window deals with them: no socket is opened and no DICOM is parsed in its process."""
