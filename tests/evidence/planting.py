"""Quotations made from a text: true ones in other dress, altered ones, invented ones."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import cache

from components.manuscripts import Manuscript

MARKS = "\"“”«»‘’'„‚"
CURLY = str.maketrans("“”‘’", "\"\"''")


def runs(manuscript: Manuscript, chance: random.Random, count: int) -> Iterator[tuple[int, int]]:
    """Cut `count` stretches of whole words, 6 to 40 of them, some over paragraphs."""
    text = manuscript.text
    spaces = [match.start() for match in re.finditer(r"\s+", text)]
    made = 0
    while made < count:
        first = chance.randrange(len(spaces) - 50)
        length = chance.randint(6, 40)
        start = spaces[first]
        end = spaces[first + length]
        start += len(text[start:end]) - len(text[start:end].lstrip())
        piece = text[start:end].strip("".join(MARKS))
        start = text.index(piece, start)
        end = start + len(piece)
        if (
            len(re.findall(r"\w+", piece)) < 6
            or "…" in piece
            or ".." in piece
            or "[" in piece
            or "*" in piece
        ):
            continue
        made += 1
        yield start, end


def straight(piece: str) -> str:
    return piece.translate(CURLY)


def curly(piece: str) -> str:
    piece = re.sub(r"(?<=\w)'(?=\w)", "’", piece)
    return re.sub(r'"(?=\w)', "“", piece).replace('"', "”")


def one_line(piece: str) -> str:
    return re.sub(r"\s+", " ", piece)


def wrapped(piece: str) -> str:
    words = one_line(piece).split(" ")
    return "\n".join(" ".join(words[at : at + 5]) for at in range(0, len(words), 5))


def double_hyphen(piece: str) -> str:
    return one_line(piece).replace("—", " -- ").replace("–", "--")


def en_dash(piece: str) -> str:
    return one_line(piece).replace("—", " – ")


def odd_spaces(piece: str) -> str:
    return one_line(piece).replace(" ", "\u00a0", 3).replace(" ", "  ", 2)


def other_case(piece: str) -> str:
    piece = one_line(piece)
    return piece[0].swapcase() + piece[1:]


def final_comma(piece: str) -> str:
    piece = one_line(piece).rstrip(".,;: —-")
    return piece if piece[-1] in "!?…)" else piece + ","


def final_stop(piece: str) -> str:
    return final_comma(piece).rstrip(",") + "."


def decomposed(piece: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFD", one_line(piece))


def ligatures(piece: str) -> str:
    return one_line(piece).replace("fi", "ﬁ").replace("fl", "ﬂ")


def soft_hyphens(piece: str) -> str:
    return re.sub(r"([a-z]{3})([a-z]{3})", "\\1\u00ad\\2", one_line(piece))


def emphasised(piece: str) -> str:
    words = one_line(piece).split(" ")
    middle = len(words) // 2
    if not words[middle].isalpha():
        return one_line(piece)
    return " ".join([*words[:middle], f"*{words[middle]}*", *words[middle + 1 :]])


def nested(piece: str) -> str:
    """British and American habits of marks inside marks."""
    return one_line(piece).replace("“", "‘").replace("”", "’")


DRESSES: list[Callable[[str], str]] = [
    one_line,
    straight,
    curly,
    wrapped,
    double_hyphen,
    en_dash,
    odd_spaces,
    other_case,
    final_comma,
    final_stop,
    decomposed,
    ligatures,
    soft_hyphens,
    emphasised,
    nested,
]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def altered(piece: str, chance: random.Random, vocabulary: list[str]) -> Iterator[str]:
    """Yield `piece` with one word changed, dropped, inserted, swapped, in another number."""
    piece = one_line(piece)
    words = list(_WORD.finditer(piece))
    at = chance.randrange(1, len(words) - 1)
    word = words[at]
    before, after = piece[: word.start()], piece[word.end() :]
    yield before + chance.choice(vocabulary) + after
    yield before + after.lstrip()
    yield before + chance.choice(vocabulary) + " " + word[0] + after
    following = words[at + 1]
    between = piece[word.end() : following.start()]
    yield before + following[0] + between + word[0] + piece[following.end() :]
    yield before + (word[0][:-1] if word[0].endswith("s") else word[0] + "s") + after
    yield before + "not " + word[0] + after
    yield before + "never " + word[0] + after
    for denial in re.finditer(r"\b(?:not|never|no|pas|jamais|ne|n't)\b", piece):
        yield piece[: denial.start()] + piece[denial.end() :].lstrip()
    number = re.search(r"\d+|\b(?:two|three|four|five|deux|trois)\b", piece)
    if number:
        yield piece[: number.start()] + "seven" + piece[number.end() :]
    half = words[len(words) // 2].start()
    yield (piece[half:] + " " + piece[:half]).strip()


@cache
def bare(text: str) -> str:
    """The words and signs of a text, for a comparison that shares nothing with the checker's."""
    import unicodedata

    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "").replace("*", "")
    text = re.sub("[‐‑‒–—―-]+", "-", text)
    text = re.sub(r"(?<=[^\W_])[’‘'](?=[^\W_])", "'", text)
    text = re.sub(r"(?<![^\W_])[’‘']|[’‘'](?![^\W_])|[\"“”«»„‚]", "", text)
    return re.sub(r"\s+", "", text)


def stands(said: str, text: str) -> bool:
    """Whether `said` is in `text`, by brute force: not counting its first letter and its end."""
    said, text = bare(said).strip("-").rstrip(".,-"), bare(text)
    return said in text or said[1:] in text
