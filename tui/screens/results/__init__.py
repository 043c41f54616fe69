"""Tallies, and what people decide and do with sealed results."""
