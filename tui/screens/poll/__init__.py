"""A unit's stacks, and keying them."""
