"""The screenshots of the organisers' guide: how they are taken, and that they are still true."""
