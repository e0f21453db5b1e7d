"""Studies come from other systems and results go there: DICOM (pynetdicom) and DICOMweb (dicomweb-client)."""
