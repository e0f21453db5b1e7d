"""What survives a restart, without Qt."""
