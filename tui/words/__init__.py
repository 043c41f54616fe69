"""Sentences that screens and the command line share."""
