"""The manuscript that ships with First Reader, to try it with before there is one of one's own."""

from itertools import accumulate
from pathlib import Path

from components.languages import count_words

#: The first chapter of The Time Machine, by H. G. Wells (1895); in the public domain.
SAMPLE_NAME = "the-time-machine-1.txt"

#: Its opening, at most so many words: two slow cores read that in 20 to 30 seconds.
OPENING_NAME, OPENING_WORDS = "the-time-machine-opening.txt", 560


def sample() -> tuple[str, bytes]:
    """Return the sample's file name and its bytes (UTF-8), as an upload would bring them."""
    return SAMPLE_NAME, (Path(__file__).parent / "samples" / SAMPLE_NAME).read_bytes()


def opening() -> tuple[str, bytes]:
    """Return the sample's first paragraphs, under a title of their own: for the first minute."""
    title, *paragraphs = sample()[1].decode().split("\n\n")
    words = accumulate(count_words(paragraph) for paragraph in paragraphs)
    most = sum(count <= OPENING_WORDS for count in words)
    return OPENING_NAME, "\n\n".join([f"{title} (opening)", *paragraphs[:most]]).encode()
