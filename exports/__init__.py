"""What leaves the office: Word documents and text tables. Knows no screen."""
