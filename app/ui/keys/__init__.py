"""What the user can do, with which key, and whose key it is."""
