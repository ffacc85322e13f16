"""Whose call is next: turns, placement on a host, claims with a lease, and the wait shown."""
