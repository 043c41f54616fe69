"""Keying paper: the ballot in hand, the first and the second entry of a stack."""
