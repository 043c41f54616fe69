"""The independent recount of a database: shares nothing with what it recounts."""
