"""Signatures: the model, its queries, its states, and the rule that holds some for review."""
