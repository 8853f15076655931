"""Tables to which rows can only be added: each row is sealed, and hashes chain the rows together.

The audit log and the brands' ledger use them.
"""
