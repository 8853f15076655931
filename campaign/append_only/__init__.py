"""Tables to which rows can only be added, sealed and chained by hashes. The audit log and the brands' ledger use it."""
