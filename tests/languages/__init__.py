"""Tables of languages, and how long a text is."""
