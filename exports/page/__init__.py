"""The page of GB/T 9704-2012 and the Word file around it."""
