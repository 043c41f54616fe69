"""What people decide and do with sealed results."""
