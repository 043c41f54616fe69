"""An independent recount of a database. It shares no code with the counting it checks."""
