"""Keying paper ballots: the current ballot, and the first and second entry of a stack."""
