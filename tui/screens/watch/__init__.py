"""A second screen for a projector or a colleague: what others may see, large, in steps."""
