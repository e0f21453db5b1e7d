"""What SQUID is held against: floors that need no training, and other detectors on the same data and budget."""
