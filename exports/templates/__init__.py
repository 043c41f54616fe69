"""Word templates supplied by the office."""
