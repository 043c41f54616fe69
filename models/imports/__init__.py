"""Rosters and rounds from files."""
