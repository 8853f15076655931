"""Tests of publishing by two organisers."""
