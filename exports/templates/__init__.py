"""The office's own Word templates."""
