"""What is true: settings, tables, rounds, ballots and counts. Knows no screen and no Word."""
