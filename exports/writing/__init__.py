"""Which documents a round has, and how they come onto the disk."""
