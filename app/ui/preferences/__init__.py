"""The settings dialog, built from one list."""
