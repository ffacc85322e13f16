"""Reading the tables of languages.

A table is package data: `<tag>.toml`, its tag as in BCP 47. What stands in it is said in
docs/languages.md; a new language is a new file. All are read once, when the first is asked for.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Literal

#: What a text is measured in: words between spaces, or characters.
Unit = Literal["words", "characters"]

#: What is one text in a table, and no list.
_TEXTS = frozenset({"name", "script", "telling", "unit", "alone"})


@dataclass(frozen=True, slots=True)
class NumberSeries:
    """One way in which a language writes its numbers.

    `words` count up from `first`, `_` leaves some out. `tens` go on from the next ten, each
    `alone` ("{}ste") and `joined` with the `units` ("{unit}und{ten}"). Every number has each of
    the `endings`. A hyphen stands for a space or a hyphen.
    """

    words: tuple[str, ...]
    first: int = 1
    tens: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    alone: str = "{}"
    joined: tuple[str, ...] = ()
    endings: tuple[str, ...] = ("",)

    def spellings(self) -> Iterator[tuple[int, str]]:
        """Yield each number with how it is written, in the order of the numbers."""
        numbers = [(value, word) for value, word in enumerate(self.words, self.first)]
        following = (self.first + len(self.words) - 1) // 10 + 1
        units = self.units or self.words[:9]
        for number, ten in enumerate(self.tens, following):
            numbers.append((number * 10, self.alone.format(ten)))
            numbers += [
                (number * 10 + value, pattern.format(ten=ten, unit=unit))
                for value, unit in enumerate(units, 1)
                for pattern in self.joined
            ]
        for (value, word), ending in product(numbers, self.endings):
            if "_" not in word:
                yield value, word + ending


@dataclass(frozen=True, slots=True)
class Language:
    """What is known of how books are written in a language.

    `tag` and those in `also` are of BCP 47, `name` is English. `script` is a class of characters
    as in a regular expression, empty for Latin letters; `telling` the part of it that no other
    language has; `tested` is whether tests read texts in it. `unit` is what the trade counts a text
    in, `page` how many of them a typescript page has; `wrapped` is false where texts are not broken
    into lines at a width. `common` are small words that every sentence has. `quotation` are
    pairs of marks, "“ ”". `headings` are the words that stand with a number, by family; where a
    word surrounds its number, that stands as "{}". `sections` are headings without a number, by
    kind.
    """

    tag: str
    name: str
    also: tuple[str, ...] = ()
    script: str = ""
    telling: str = ""
    tested: bool = True
    unit: Unit = "words"
    page: int = 250
    wrapped: bool = True
    quotation: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    small_words: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    months: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    series: tuple[NumberSeries, ...] = ()
    hundred: tuple[str, ...] = ()
    hundreds: tuple[str, ...] = ()

    def numbers(self) -> Iterator[tuple[int, str]]:
        """Yield each number up to 199 with how it is written."""
        below = [number for series in self.series for number in series.spellings()]
        yield from below
        for word in self.hundred:
            yield 100, word
        for pattern in self.hundreds:
            yield from ((100 + value, pattern.format(word)) for value, word in below)


@cache
def languages() -> Mapping[str, Language]:
    """Return every language that there is a table of, by its tag, in the order of the tags."""
    tables = sorted(Path(__file__).parent.glob("*.toml"))
    return {it.stem: _language(it.stem, tomllib.loads(it.read_text("utf-8"))) for it in tables}


def _language(tag: str, table: dict[str, Any]) -> Language:
    """Return the language of a table.

    In `sections` and `end`, which hold phrases, commas stand between the entries, else spaces.
    """
    table |= table.pop("dates", {})
    return Language(
        tag=tag,
        headings={family: tuple(words.split()) for family, words in table.pop("headings").items()},
        sections={kind: _phrases(names) for kind, names in table.pop("sections").items()},
        end=_phrases(table.pop("end", "")),
        series=tuple(NumberSeries(**_entries(series)) for series in table.pop("numbers", ())),
        **_entries(table),
    )


def _entries(table: dict[str, Any]) -> dict[str, Any]:
    """Return a table with its lists as tuples."""
    return {
        name: value
        if name in _TEXTS or isinstance(value, int)
        else tuple(value.split() if isinstance(value, str) else value)
        for name, value in table.items()
    }


def _phrases(names: str) -> tuple[str, ...]:
    return tuple(phrase for name in names.split(",") if (phrase := " ".join(name.split())))
