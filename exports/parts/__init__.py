"""Parts shared by several documents: wording, results, tables, letters."""
