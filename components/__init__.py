"""The parts of First Reader; imports point one way (pyproject.toml)."""
