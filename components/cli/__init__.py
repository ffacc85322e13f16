"""First Reader in a shell: `first-reader`, or `python -m components.cli`."""
