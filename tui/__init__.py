"""What is seen: the screens and the command line."""
