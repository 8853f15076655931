"""Protests as iCalendar files (RFC 5545), which calendar programs can read."""
