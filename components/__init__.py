"""The parts of First Reader; imports point one way (tests/test_layers.py)."""
