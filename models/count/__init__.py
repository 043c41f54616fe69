"""Tallies and shares, and which of them may be shown."""
