"""Against real peers: Orthanc with its DICOMweb plug-in, and DCMTK; on loopback, bounded in count and time."""
