"""What happens when the user looks at something."""
