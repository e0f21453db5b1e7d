"""What happens when the user does something."""
