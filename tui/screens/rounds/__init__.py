"""Rounds: planned, opened, closed."""
