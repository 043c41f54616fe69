"""Balance, seal, and correction after it."""
