"""Tables to which rows can only be added: each row is sealed, and the rows are chained by hashes.

The audit log and the brands' ledger use them.
"""
