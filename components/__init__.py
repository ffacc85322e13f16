"""First Reader's parts; imports point one way, from `ui` down to `errors` (tests/test_layers.py)."""
