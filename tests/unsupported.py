"""An answer as a small model gave it: of two chapters it tells seven, and quotes not one word."""

from __future__ import annotations

from components.manuscripts import Manuscript, read

TEXT = """The Summer House

Chapter 1

In the spring I came to Long Island and took a small house beside the water. My neighbour, Mr.
Tolland, kept his windows lit all night, and nobody could say what he was waiting for.

Chapter 2

Mr. Tolland came across the lawn on the first of June and asked me to tea. He had found the letter,
he said, and he would not go to the city again before the summer was over.
"""

ANSWER = """## Plot and structure

The story opens on Long Island, where the narrator takes a house beside the water and hears of his
neighbour. The climax comes in Chapter 6, when the neighbour is found out in front of all his
guests, and the narrator has to choose a side.

## Setting

Most of it plays in Northamptonshire during one hot summer.

## Cause and effect

- (Chapter 1) -> (Chapter 2) -> (Chapter 3)

## Ending

In Chapter 7 the house is sold and the narrator goes home, older and less certain than he was.
"""

CHAIN = "(Chapter 1) -> (Chapter 2) -> (Chapter 3)"

#: What is flagged in its text, in its order; that it quotes nothing comes to that.
FLAGS = [
    ("no chapter", "Chapter 6"),
    ("name", "Northamptonshire"),
    ("chain", CHAIN),
    ("no chapter", "Chapter 7"),
]


def manuscript() -> Manuscript:
    """The two chapters, as reading them gives them."""
    return read(TEXT.encode(), name="summer.txt")
