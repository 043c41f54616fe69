"""What several documents share: wording, results, tables, letters."""
