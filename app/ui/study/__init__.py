"""What is said of the open study, above its panes."""
