"""Theme, colours, and what every widget is made of."""
