"""Seal polls: facts and findings, the canonical text, the seal itself, and later corrections."""
