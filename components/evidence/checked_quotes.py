"""What checking an answer gives: its quotations, found or not, and names not in the book."""

from dataclasses import dataclass
from typing import Literal

from components.manuscripts.chapters.numerals import called

#: A `quotation` has four words or more. A `phrase` has fewer: found, it is verified; not found, it
#: is a term of the model's and no accusation. A `title` names this book, a chapter or another work.
Kind = Literal["quotation", "phrase", "title"]

#: What is worth knowing of a quote: words left out between the places; words in brackets that
#: are the model's; another chapter than it says. Of one that is not verified: its words are in the
#: text in this order, and only signs or capitals differ.
Remark = Literal["omission", "brackets", "other chapter", "only signs differ"]


@dataclass(frozen=True, slots=True)
class Location:
    """Characters of the manuscript's text; `chapter` is an index from 1, None without chapters."""

    start: int
    end: int
    chapter: int | None = None
    heading: str = ""

    @property
    def name(self) -> str:
        """What the chapter is called, also where its heading is a bare number; empty without."""
        return called(self.heading, "chapter")


@dataclass(frozen=True, slots=True)
class Quote:
    """One quotation of an answer, from `start` to `end` of it without its marks.

    `text` is what it quotes, without markdown. `is_exact` means that the text has it character for
    character. `places` are the first few of `count`, those in the chapter that the answer names
    first; empty unless `is_verified`. `near` is where its words stand when only signs differ.
    """

    text: str
    start: int
    end: int
    kind: Kind
    words: int
    is_verified: bool
    is_exact: bool = False
    places: tuple[Location, ...] = ()
    count: int = 0
    near: Location | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether it is a quotation that the manuscript does not have."""
        return self.kind == "quotation" and not self.is_verified


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name in an answer that the manuscript never has, from `start` to `end` of the answer."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All quotes of an answer, in its order."""

    quotes: tuple[Quote, ...] = ()
    names: tuple[UnknownName, ...] = ()

    @property
    def quotations(self) -> tuple[Quote, ...]:
        """Those that count: neither phrases nor titles."""
        return tuple(quote for quote in self.quotes if quote.kind == "quotation")

    @property
    def found(self) -> int:
        """How many of the quotations the manuscript has."""
        return sum(quotation.is_verified for quotation in self.quotations)

    @property
    def missing(self) -> tuple[Quote, ...]:
        """The quotations that it does not have."""
        return tuple(quote for quote in self.quotes if quote.is_missing)

    @property
    def terms(self) -> tuple[Quote, ...]:
        """Short phrases in quotation marks that it does not have."""
        return tuple(
            quote for quote in self.quotes if quote.kind == "phrase" and not quote.is_verified
        )

    @property
    def unknown_names(self) -> tuple[str, ...]:
        """The names that it does not have, each once."""
        return tuple(dict.fromkeys(name.text for name in self.names))
