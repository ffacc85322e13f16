"""What checking an answer gives: its quotations, found or not, and what else is wrong with it."""

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


#: Why words are flagged: a `name` that the manuscript never has; a chapter that it does not have
#: (`no chapter`), or that was not part of what was read (`unread chapter`); a `chain` of chapters
#: or of one word, arrows between them, where an account should stand; a `copy` of an item before.
FlagKind = Literal["name", "no chapter", "unread chapter", "chain", "copy"]

#: Words from which on an answer is expected to quote.
LEAST_WORDS = 60


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
class Flag:
    """Words of an answer that nothing in what was read stands behind, from `start` to `end` of it.

    `text` is what they say, without markdown.
    """

    kind: FlagKind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All quotes and flags of an answer, in its order; `words` are those of the answer."""

    quotes: tuple[Quote, ...] = ()
    flags: tuple[Flag, ...] = ()
    words: int = 0

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
    def quotes_nothing(self) -> bool:
        """Whether a text of some length quotes nothing that could be looked up."""
        quoted = (each.kind == "quotation" or each.is_verified for each in self.quotes)
        return self.words >= LEAST_WORDS and not any(quoted)

    def flagged(self, kind: FlagKind) -> tuple[str, ...]:
        """Return what is flagged for one reason, each text once."""
        return tuple(dict.fromkeys(flag.text for flag in self.flags if flag.kind == kind))
