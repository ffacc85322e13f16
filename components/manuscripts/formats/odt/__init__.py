"""OpenDocument texts (.odt, .ott)."""
