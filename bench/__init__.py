"""Ratios, one script a figure; each prints a table and a last line of JSON."""
