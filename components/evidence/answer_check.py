"""An answer checked against its manuscript, block by block as it is written.

What is found in a block depends on it, on the blocks before it and on nothing after it: so a page
can mark a block when it is finished, and a stream ends with the same findings as the whole text at
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.evidence.chapter_attribution import ChapterMention, beside, is_beside, mentions
from components.evidence.comparable_words import fold, tokens, words
from components.evidence.findings import Evidence, Finding, Kind, Location, Remark, UnknownName
from components.evidence.quotation_fragments import fragments
from components.evidence.quotation_match import Fragment, Match, matches
from components.evidence.quotation_parser import QuotedSpan, quoted, quoted_block, whole_block
from components.evidence.text_index import Index
from components.evidence.unknown_names import unknown_names
from components.markdown import Blocks, TextStretch, prose

#: Words up to which a phrase in quotation marks may be a term.
SHORT = 3
#: Places of one quotation that are given.
MOST_PLACES = 5

#: Words that a title leaves small.
_SMALL = 4


@dataclass(frozen=True, slots=True)
class Marked:
    """A finding or a name with its place in a block: stretch number, and characters of its text."""

    found: Finding | UnknownName
    stretch: int
    start: int
    end: int


class Checker:
    """Checks a growing answer against the manuscript of `index`.

    `feed` and `finish` return what the blocks that were finished meanwhile hold; `evidence` is all
    of it. A page that splits the answer itself calls `block` for each block instead.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._blocks = Blocks()
        self._done = 0
        self._offset = 0
        self._carried = ""
        self._heading: ChapterMention | None = None
        self._parts: list[Evidence] = []

    @property
    def evidence(self) -> Evidence:
        """All that was found so far."""
        return Evidence.joined(self._parts)

    def feed(self, text: str) -> Evidence:
        """Take in the next piece; return what is new."""
        self._blocks.feed(text)
        return self._check(is_end=False)

    def finish(self) -> Evidence:
        """Take in the end; return what is new."""
        self._blocks.finish()
        return self._check(is_end=True)

    def block(self, source: str, *, is_last: bool = False) -> list[Marked]:
        """Check the next finished block; return where in it something was found.

        A quotation that is still open where the answer ends was cut off and is left out: that is
        what `is_last` is for.
        """
        marked: list[Marked] = []
        for number, stretch in enumerate(prose(source)):
            marked += self._stretch(stretch, number, is_last=is_last)
        self._offset += len(source)
        self._parts.append(
            Evidence(
                tuple(one.found for one in marked if isinstance(one.found, Finding)),
                tuple(one.found for one in marked if isinstance(one.found, UnknownName)),
            )
        )
        return marked

    def sentence(self, said: str, *, within: tuple[int, int] | None = None) -> Finding:
        """Look up a sentence that is a quotation by itself; `evidence` does not count it.

        The places that begin `within` these characters of the manuscript come first.
        """
        stretch = TextStretch(said, range(len(said)), "text")
        return self._finding(stretch, 0, len(said), (), within)

    def _check(self, *, is_end: bool) -> Evidence:
        before = len(self._parts)
        settled = self._blocks.settled
        while self._done < len(settled):
            self._done += 1
            is_last = is_end and self._done == len(settled)
            self.block(settled[self._done - 1], is_last=is_last)
        return Evidence.joined(self._parts[before:])

    def _stretch(self, stretch: TextStretch, number: int, *, is_last: bool) -> list[Marked]:
        text = stretch.text
        named = mentions(text)
        if stretch.setting == "heading" and named:
            self._heading = named[0]
        if stretch.setting == "quotation":
            spans, self._carried = self._block_spans(stretch), ""
        else:
            spans, self._carried = quoted(text, self._carried)
        marked = []
        for span in spans:
            if span.is_open and is_last:
                continue
            finding = self._finding(stretch, span.start, span.end, named)
            marked.append(Marked(finding, number, span.start, span.end))
        if stretch.setting == "text":
            taken = [(span.start, span.end) for span in spans] + list(stretch.emphasised)
            for start, end in unknown_names(text, taken, self._index):
                begin, stop = self._in_answer(stretch, start, end)
                name = UnknownName(text[start:end], begin, stop)
                marked.append(Marked(name, number, start, end))
        return sorted(marked, key=lambda one: one.start)

    def _block_spans(self, stretch: TextStretch) -> list[QuotedSpan]:
        """Return what a paragraph set apart quotes: all of it if it is there, its last line too.

        A line that begins with a dash may say where the quotation is from, or be a speech.
        """
        whole = whole_block(stretch.text)
        if whole:
            found, _ = look_up(stretch.text[whole[0].start : whole[0].end], self._index)
            if any(one.same_signs for one in found):
                return whole
        return quoted_block(stretch.text, stretch.emphasised)

    def _in_answer(self, stretch: TextStretch, start: int, end: int) -> tuple[int, int]:
        begin, stop = stretch.in_source(start, end)
        return self._offset + begin, self._offset + stop

    def _finding(
        self,
        stretch: TextStretch,
        start: int,
        end: int,
        named: Sequence[ChapterMention],
        within: tuple[int, int] | None = None,
    ) -> Finding:
        said = stretch.text[start:end]
        count = sum(1 for _ in words(said))
        found, remarks = look_up(said, self._index)
        same = [one for one in found if one.same_signs]
        if within is not None:
            same.sort(key=lambda one: not within[0] <= one.start < within[1])
        mention = beside(named, start, end)
        places = self._places(same, mention or self._heading)
        if mention is None or not is_beside(mention, start, end):
            mention = None
        if places and mention and not self._is_named(places[0], mention):
            remarks = (*remarks, "other chapter")
        near = None
        if found and not same:
            near = self._place(found[0])
            remarks = ("only signs differ",)
        begin, stop = self._in_answer(stretch, start, end)
        return Finding(
            text=said,
            start=begin,
            end=stop,
            kind=_kind(said, count, self._index, is_verified=bool(same)),
            words=count,
            is_verified=bool(same),
            is_exact=any(self._index.text[one.start : one.end] == said for one in same),
            places=tuple(places[:MOST_PLACES]),
            count=len(same),
            near=near,
            remarks=remarks if found else (),
        )

    def _places(self, found: Sequence[Match], mention: ChapterMention | None) -> list[Location]:
        places = self._places_of(found)
        if mention is None:
            return places
        return sorted(places, key=lambda one: not self._is_named(one, mention))

    def _places_of(self, found: Sequence[Match]) -> list[Location]:
        return [self._place(one) for one in found]

    def _place(self, match: Match) -> Location:
        chapter = self._index.chapter_at(match.start)
        if chapter is None:
            return Location(match.start, match.end)
        return Location(match.start, match.end, chapter.index, chapter.heading)

    def _is_named(self, place: Location, mention: ChapterMention) -> bool:
        chapter = self._index.chapter_at(place.start)
        return chapter is not None and mention.names(chapter)


def check(answer: str, index: Index) -> Evidence:
    """Check a whole answer, markdown, against the manuscript of `index`."""
    checker = Checker(index)
    checker.feed(answer)
    checker.finish()
    return checker.evidence


def look_up(said: str, index: Index) -> tuple[list[Match], tuple[Remark, ...]]:
    """Return where `said` stands in the manuscript: as it is, else as its own omissions allow."""
    whole = Fragment.of(tokens(said), 0)
    found = matches([whole], index) if whole is not None else []
    if any(one.same_signs for one in found):
        return found, ()
    parts = fragments(said, index.vocabulary)
    if parts is None or (len(parts) == 1 and "[" not in said and "…" not in said):
        return found, ()
    cut = matches(parts, index)
    remarks: list[Remark] = []
    said_words = sum(len(part.folded) for part in parts)
    if any(_longer(one, said_words, index) for one in cut):
        remarks.append("omission")
    if any(one.isalpha() for one in "".join(said.partition("[")[2:])) and "[" in said:
        remarks.append("brackets")
    return (cut, tuple(remarks)) if any(one.same_signs for one in cut) else (found or cut, ())


def _longer(match: Match, said_words: int, index: Index) -> bool:
    """Whether the text has more words at a match than were said."""
    return sum(1 for _ in words(index.text[match.start : match.end])) > said_words


def _kind(said: str, count: int, index: Index, *, is_verified: bool) -> Kind:
    """Tell a quotation from a short phrase and from a title."""
    if tuple(fold(match[0]) for match in words(said)) in index.titles:
        return "title"
    if count <= SHORT:
        return "phrase"
    if not is_verified and _reads_as_title(said):
        return "title"
    return "quotation"


def _reads_as_title(said: str) -> bool:
    """Whether `said` is written as the title of a work: every longer word with a capital."""
    if said[-1] in ".!?;:…—" or any(sign in said for sign in ("; ", ". ", "? ", "! ")):
        return False
    longer = [match[0] for match in words(said) if len(match[0]) >= _SMALL]
    return len(longer) > 1 and all(word[0].isupper() for word in longer) and said[0].isupper()
