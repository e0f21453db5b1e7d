"""The four linked panes, one a file."""
