"""Sentences about scores, marks, priors and memory."""
