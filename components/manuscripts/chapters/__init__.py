"""Find the chapters of a document: headings, their numbers, titles and levels."""
