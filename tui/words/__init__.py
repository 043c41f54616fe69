"""Sentences that screens and the command line share, and their width in columns."""
