"""Tallies and shares, and what of them may be shown."""
