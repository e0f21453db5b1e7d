"""Drawing and measuring on the original."""
