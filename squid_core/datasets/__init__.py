"""Images in, whatever their source."""
