"""Training on normal images only, and evaluation."""
