"""Read and check ceping.toml, layered over the file that ships with the program."""
