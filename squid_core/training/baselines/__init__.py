"""What SQUID is held against: floors that need no training, and other detectors on the same data and budget."""

from squid_core.training.baselines.floors import Floors

__all__ = ["Floors"]
