"""The admin's month view, and its pages that cancel, move and reinstate one date."""
