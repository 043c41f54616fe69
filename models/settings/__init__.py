"""ceping.toml: read, checked, laid over the one that ships."""
