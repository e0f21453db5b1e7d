"""Training on normal images only."""
