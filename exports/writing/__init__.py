"""Determine which documents a round has, and write them to disk."""
