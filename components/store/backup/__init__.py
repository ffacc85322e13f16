"""Copies of the SQLite file, a check after a crash, and what to do with a damaged one."""
