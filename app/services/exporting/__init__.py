"""What leaves the program, on the user's order only."""
