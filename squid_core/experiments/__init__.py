"""What SQUID is held against: other detectors on the same data and budget, and itself without a part."""
