"""Code that takes the screenshots of the organisers' guide, and tests that they are up to date."""
