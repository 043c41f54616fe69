"""Page layout of GB/T 9704-2012 and the Word file format."""
