"""The frozen values that cross every border of the program."""
