"""First Reader in a shell: `python -m components.cli`."""
