"""Other detectors of the paper's table, each in its own paper's essential form: one file each, with its departures."""
