"""The admin of the call to action, its endorsements, and the brands with their ledger."""

from actions.businesses.admin import brands, endorsements, entries, incoming

__all__ = ["brands", "endorsements", "entries", "incoming"]
