"""What builds parts of the repository and is no part of the program."""
