"""Whose word counts for each setting: the administrator's, the user's, the program's own."""
