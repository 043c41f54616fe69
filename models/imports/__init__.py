"""Import rosters and rounds from files."""
