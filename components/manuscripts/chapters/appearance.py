"""How a paragraph is set, as one word that two paragraphs set alike share.

A typescript without heading styles still shows its headings: centered, bold, in larger letters.
Readers say how paragraphs are set; which look is a heading's is for the finder of chapters.
"""

from collections import Counter


class Letters:
    """The letters of a paragraph, counted by how they are set."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[bool, str]] = Counter()

    def add(self, text: str, *, bold: bool, size: str) -> None:
        """Count the letters of a stretch of text; `size` is as the file writes it."""
        if text.strip():
            self._counts[bold, size] += len(text)

    def look(self, *, centred: bool) -> str:
        """Return the look of the paragraph: bold where all of it is, the size of most of it."""
        if not self._counts:
            return ""
        size = self._counts.most_common(1)[0][0][1]
        bold = all(bold for bold, _ in self._counts)
        return " ".join(filter(None, ("centred" * centred, "bold" * bold, size)))
