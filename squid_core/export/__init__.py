"""What has been found, as files for other programs: DICOM objects, pictures, a page. Written only where asked."""
