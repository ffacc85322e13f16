"""Measures of a text, without a model."""
