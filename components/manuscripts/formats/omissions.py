"""Sentences about what was in a file and is not in the text that was read from it."""

from __future__ import annotations


def left_out(*, changes: bool = False, comments: int = 0, hidden_words: int = 0) -> list[str]:
    """Return a sentence each for tracked changes, comments and words of hidden text."""
    said = []
    if changes:
        said.append("The file has tracked changes: it was read as if all were accepted.")
    if comments:
        said.append(f"Left out {counted(comments, 'comment')}.")
    if hidden_words:
        said.append(f"Left out {counted(hidden_words, 'word')} of hidden text.")
    return said


def counted(number: int, what: str) -> str:
    """Return "1 word" or "2,000 words"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
