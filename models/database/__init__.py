"""The file: tables, schema, lock, journal, and its copies."""
