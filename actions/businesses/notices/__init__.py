"""Letters to companies: what they say, when they are sent, and the record of their delivery in the ledger."""
