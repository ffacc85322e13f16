"""Characters and lines: decoding, hyphens, ligatures, paragraphs, the language of a text."""
