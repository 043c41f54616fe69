"""The database file: tables, schema, lock, journal, backups."""
