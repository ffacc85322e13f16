"""An answer checked against its manuscript, block by block as it is written.

The quotes of a block depend on it and on the blocks before it, never on what follows: a page can
mark a block as soon as it is finished, and a stream ends with the quotes of the whole text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from components.evidence.chapter_attribution import ChapterMention, beside, is_beside, mentions
from components.evidence.chapters_read import ChaptersRead
from components.evidence.checked_quotes import (
    Evidence,
    Flag,
    FlagKind,
    Kind,
    Location,
    Quote,
    Remark,
)
from components.evidence.comparable_words import folded_words, tokens, words
from components.evidence.hollow_lists import Copies, chain
from components.evidence.quotation_fragments import Fragment, fragments
from components.evidence.quotation_match import Match, matches
from components.evidence.quotation_parser import QuotedSpan, quoted, quoted_block, whole_block
from components.evidence.text_index import Index
from components.evidence.unknown_names import unknown_names
from components.markdown import Blocks, TextStretch, prose

#: Words up to which a phrase in quotation marks may be a term.
_SHORT = 3
#: Locations of one quotation that are listed, at most.
_MOST_LOCATIONS = 5

#: Letters of the shortest word that a title writes with a capital.
_SMALL = 4


@dataclass(frozen=True, slots=True)
class Marked:
    """A quote or a flag with its position in a block: stretch number, characters of its text."""

    found: Quote | Flag
    stretch: int
    start: int
    end: int


class Checker:
    """Checks an answer, block by block in its order, against the manuscript of `index`.

    `ranges` are the characters of it that were read; without any, all were.
    """

    def __init__(self, index: Index, ranges: Sequence[tuple[int, int]] = ()) -> None:
        self._index = index
        self._chapters = ChaptersRead(index, ranges)
        self._copies = Copies()
        self._words = 0
        self._offset = 0
        self._open_mark = ""
        self._heading: ChapterMention | None = None
        self._quotes: list[Quote] = []
        self._flags: list[Flag] = []

    @property
    def evidence(self) -> Evidence:
        """All quotes and flags so far."""
        return Evidence(tuple(self._quotes), tuple(self._flags), self._words)

    def blocks(self, answer: str) -> Iterator[tuple[str, list[Marked]]]:
        """Split a whole answer; yield each block with its quotes, checked by `block`."""
        blocks = Blocks()
        blocks.feed(answer)
        blocks.finish()
        for number, source in enumerate(blocks.settled, 1):
            yield source, self.block(source, is_last=number == len(blocks.settled))

    def block(self, source: str, *, is_last: bool = False) -> list[Marked]:
        """Check the next finished block; return its quotes with their positions in it.

        In the last block of an answer, a quotation without a closing mark was cut off and is left
        out.
        """
        marked: list[Marked] = []
        for number, stretch in enumerate(prose(source)):
            marked += self._stretch(stretch, number, is_last=is_last)
        self._offset += len(source)
        for mark in marked:
            if isinstance(mark.found, Quote):
                self._quotes.append(mark.found)
            else:
                self._flags.append(mark.found)
        return marked

    def sentence(self, text: str, *, within: tuple[int, int] | None = None) -> Quote:
        """Look up a sentence that is a quotation by itself; `evidence` does not count it.

        Locations that begin `within` these characters of the manuscript come first.
        """
        stretch = TextStretch(text, range(len(text)), "text")
        return self._quote(stretch, 0, len(text), (), within)

    def _stretch(self, stretch: TextStretch, number: int, *, is_last: bool) -> list[Marked]:
        text = stretch.text
        self._words += sum(1 for _ in words(text))
        named = mentions(text, head=stretch.head)
        mentioned = [mention for mention in named if mention.kind != "part"]
        if stretch.setting == "heading" and mentioned:
            self._heading = mentioned[0]
        if stretch.setting == "quotation":
            spans, self._open_mark = self._block_spans(stretch), ""
        else:
            spans, self._open_mark = quoted(text, self._open_mark)
        marked = [
            Marked(
                self._quote(stretch, span.start, span.end, mentioned), number, span.start, span.end
            )
            for span in spans
            if not (span.is_open and is_last)
        ]
        taken = [(span.start, span.end) for span in spans] + list(stretch.emphasised)
        taken += [(mention.start, mention.end) for mention in named]
        flags = self._flagged(stretch, named, marked, taken)
        marked += [
            Marked(
                Flag(kind, text[start:end], *self._in_answer(stretch, start, end)),
                number,
                start,
                end,
            )
            for kind, start, end in flags
        ]
        return sorted(marked, key=lambda mark: (mark.start, -mark.end))

    def _flagged(
        self,
        stretch: TextStretch,
        named: Sequence[ChapterMention],
        quotes: Sequence[Marked],
        taken: Sequence[tuple[int, int]],
    ) -> Iterator[tuple[FlagKind, int, int]]:
        """Yield what is flagged in a stretch, and where; no name within the stretches `taken`.

        A quotation is judged as such, and a chain of chapters as a whole.
        """
        text = stretch.text
        wholes = [
            (quote.start, quote.end)
            for quote in quotes
            if isinstance(quote.found, Quote) and quote.found.kind == "quotation"
        ]
        if self._copies.is_copy(stretch, named):
            yield "copy", 0, len(text)
        if found := chain(stretch, named):
            yield "chain", *found
            wholes.append(found)
        for mention in named:
            if any(start < mention.end and mention.start < end for start, end in wholes):
                continue
            if problem := self._chapters.problem(mention, stretch):
                yield problem, mention.start, mention.end
        if stretch.setting == "text":
            for start, end in unknown_names(text, taken, self._index):
                yield "name", start, end

    def _block_spans(self, stretch: TextStretch) -> list[QuotedSpan]:
        """Return what a block quotation quotes: all of it if it is there, its last line too.

        A line that begins with a dash may say where the quotation is from, or be a speech.
        """
        for whole in whole_block(stretch.text):
            matches, _ = look_up(stretch.text[whole.start : whole.end], self._index)
            if any(match.same_signs for match in matches):
                return [whole]
        return quoted_block(stretch.text, stretch.emphasised)

    def _in_answer(self, stretch: TextStretch, start: int, end: int) -> tuple[int, int]:
        begin, stop = stretch.in_source(start, end)
        return self._offset + begin, self._offset + stop

    def _quote(
        self,
        stretch: TextStretch,
        start: int,
        end: int,
        mentioned: Sequence[ChapterMention],
        within: tuple[int, int] | None = None,
    ) -> Quote:
        text = stretch.text[start:end]
        count = sum(1 for _ in words(text))
        matches, remarks = look_up(text, self._index)
        same = [match for match in matches if match.same_signs]
        if within is not None:
            same.sort(key=lambda match: not within[0] <= match.start < within[1])
        locations = [self._location(match) for match in same]
        mention = beside(mentioned, start, end)
        if nearest := mention or self._heading:
            locations.sort(key=lambda location: not self._is_named(location, nearest))
        if mention is not None and not is_beside(mention, start, end):
            mention = None
        if locations and mention and not self._is_named(locations[0], mention):
            remarks = (*remarks, "other chapter")
        near = None
        if matches and not same:
            near = self._location(matches[0])
            remarks = ("only signs differ",)
        begin, stop = self._in_answer(stretch, start, end)
        return Quote(
            text=text,
            start=begin,
            end=stop,
            kind=_kind(text, count, self._index, is_verified=bool(same)),
            words=count,
            is_verified=bool(same),
            is_exact=any(self._index.text[match.start : match.end] == text for match in same),
            places=tuple(locations[:_MOST_LOCATIONS]),
            count=len(same),
            near=near,
            remarks=remarks if matches else (),
        )

    def _location(self, match: Match) -> Location:
        chapter = self._index.chapter_at(match.start)
        if chapter is None:
            return Location(match.start, match.end)
        return Location(match.start, match.end, chapter.index, chapter.heading)

    def _is_named(self, location: Location, mention: ChapterMention) -> bool:
        chapter = self._index.chapter_at(location.start)
        return chapter is not None and mention.names(chapter)


def check(answer: str, index: Index, ranges: Sequence[tuple[int, int]] = ()) -> Evidence:
    """Check a whole answer, markdown, against the manuscript of `index`.

    `ranges` are the characters of it that were read; without any, all were.
    """
    checker = Checker(index, ranges)
    for _ in checker.blocks(answer):
        pass
    return checker.evidence


def look_up(text: str, index: Index) -> tuple[list[Match], tuple[Remark, ...]]:
    """Return where `text` stands in the manuscript: as it is, else as its own omissions allow."""
    whole = Fragment.of(tokens(text), 0)
    matches_of_all = matches([whole], index) if whole is not None else []
    if any(match.same_signs for match in matches_of_all):
        return matches_of_all, ()
    parts = fragments(text, index.vocabulary)
    if parts is None or (len(parts) == 1 and "[" not in text and "…" not in text):
        return matches_of_all, ()
    matches_of_parts = matches(parts, index)
    if not any(match.same_signs for match in matches_of_parts):
        return matches_of_all or matches_of_parts, ()
    remarks: list[Remark] = []
    quoted_words = sum(len(part.folded) for part in parts)
    if any(
        sum(1 for _ in words(index.text[match.start : match.end])) > quoted_words
        for match in matches_of_parts
    ):
        remarks.append("omission")
    if any(character.isalpha() for character in text.partition("[")[2]):
        remarks.append("brackets")
    return matches_of_parts, tuple(remarks)


def _kind(text: str, count: int, index: Index, *, is_verified: bool) -> Kind:
    """Tell a quotation from a short phrase and from a title."""
    if tuple(folded_words(text)) in index.titles:
        return "title"
    if count <= _SHORT:
        return "phrase"
    return "title" if not is_verified and _reads_as_title(text) else "quotation"


def _reads_as_title(text: str) -> bool:
    """Whether `text` is written as the title of a work: every longer word with a capital."""
    if text[-1] in ".!?;:…—" or any(sign in text for sign in ("; ", ". ", "? ", "! ")):
        return False
    longer = [match[0] for match in words(text) if len(match[0]) >= _SMALL]
    return len(longer) > 1 and all(word[0].isupper() for word in longer) and text[0].isupper()
