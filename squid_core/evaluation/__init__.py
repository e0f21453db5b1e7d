"""Labelled images in, figures and pictures out: how good bundles are."""
