"""Sending mailings: each message at most once, at a set rate, over several connections at a time.

A delivery is claimed in a committed transaction before its message is handed to the mail server, and the answer is
recorded afterwards (docs/adr/0023-at-most-once.md).
"""
