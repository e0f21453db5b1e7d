"""SQUID and the DICOM world: a library and a command line without Qt."""
