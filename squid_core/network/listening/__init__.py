"""What the node is made of: who is let in, how bytes become whole objects within limits, what is promised of them."""
