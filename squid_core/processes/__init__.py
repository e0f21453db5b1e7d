"""Children that do what must not harm their parent."""
