"""Sealing a poll: its facts, the findings before it, the sealed text, corrections."""
