"""The network of the paper in pure torch; read it from config.py downwards."""
