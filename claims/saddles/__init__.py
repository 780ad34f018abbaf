"""saddles."""
