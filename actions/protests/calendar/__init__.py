"""Protests as iCalendar files (RFC 5545), for calendar programs."""
