"""How a paragraph is set, as one word that two paragraphs set alike share.

A typescript without heading styles still shows its headings: centred, bold, in larger letters.
What that means is for the finder of chapters to say, from what the headings it is sure of look
like; a reader only says what the file says of the whole paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Letters:
    """The letters of a paragraph, by how they are set: (bold, size as the file writes it)."""

    counts: dict[tuple[bool, str], int] = field(default_factory=dict)

    def add(self, text: str, *, bold: bool, size: str) -> None:
        """Count the letters of a stretch of text."""
        if text and not text.isspace():
            key = (bold, size)
            self.counts[key] = self.counts.get(key, 0) + len(text)

    def look(self, *, centred: bool) -> str:
        """Return the look of the paragraph: bold where all of it is, the size of most of it."""
        if not self.counts:
            return ""
        size = max(self.counts, key=lambda one: self.counts[one])[1]
        bold = all(key[0] for key in self.counts)
        return " ".join(filter(None, ("centred" * centred, "bold" * bold, size)))
