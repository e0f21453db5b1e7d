"""The settings panel beside the panes."""
