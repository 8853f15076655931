"""Documents that visitors download, written from one list of blocks."""
