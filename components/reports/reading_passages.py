"""The passages in which a book is read: chapters, and the scenes of long chapters.

Every character of the chapters that are read is in exactly one passage. A chapter is never joined
with another, so that a revised manuscript leaves the passages of its other chapters as they were.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from components.analysis import Subject, pieces
from components.manuscripts import Chapter, Manuscript

#: Longest name of a chapter in characters: a model reads it with every question.
LONGEST_NAME = 90

#: Kinds of chapters that are not the author's story; they are read only if chosen.
MATTER = frozenset({"front", "back"})

_NAMED = 4  # chapters that are named one by one in what a choice is called


@dataclass(frozen=True, slots=True)
class ReadingPassage:
    """A stretch that is read in one call; `number` counts from 1.

    `name` is what lists and the model call it ("Chapter 4, passage 2 of 3"); `chapters` are the
    indexes of its chapters; `start` and `end` are characters of the manuscript's text, `tokens` the
    server's count of them, or an estimate.
    """

    number: int
    name: str
    chapters: tuple[int, ...]
    start: int
    end: int
    words: int
    tokens: int


@dataclass(frozen=True, slots=True)
class NamedChapter:
    """A chapter under its unique name; a text without chapters is one with index 0.

    `start` and `end` are characters of the manuscript's text, the text under the heading begins at
    `body_start`. `words` are those of the text alone, `number` and `title` are from the heading.
    """

    index: int
    name: str
    start: int
    body_start: int
    end: int
    words: int
    number: int | None
    title: str
    kind: str

    @property
    def heading(self) -> str:
        """What the heading says beside its number."""
        return f"{self.kind} {self.title.casefold()}" if self.title else self.kind


def named_chapters(manuscript: Manuscript) -> list[NamedChapter]:
    """Return the chapters in order; a text without chapters as one."""
    if not manuscript.chapters:
        end = len(manuscript.text)
        return [NamedChapter(0, "The whole text", 0, 0, end, manuscript.words, None, "", "text")]
    names = names_of(manuscript)
    return [
        NamedChapter(
            chapter.index,
            names[chapter.index],
            chapter.start,
            max(chapter.body_start, chapter.start),
            chapter.end,
            chapter.words,
            chapter.number,
            _title(chapter),
            chapter.kind,
        )
        for chapter in manuscript.chapters
    ]


def _title(chapter: Chapter) -> str:
    """Return the title in the heading; the whole heading where it counts nothing."""
    heading = chapter.heading if chapter.number is None else ""
    return " ".join((chapter.title or heading).split())


def names_of(manuscript: Manuscript) -> dict[int, str]:
    """Return the name of each chapter by index; equal names are told apart by part or position."""
    same = Counter(chapter.name for chapter in manuscript.chapters)
    names = {
        chapter.index: f"{chapter.part}, {chapter.name}"
        if same[chapter.name] > 1 and chapter.part
        else chapter.name
        for chapter in manuscript.chapters
    }
    same = Counter(names.values())
    return {
        index: (name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…")
        + (f" ({index}. in the book)" if same[name] > 1 else "")
        for index, name in names.items()
    }


def story_chapters(manuscript: Manuscript) -> tuple[int, ...]:
    """Return the indexes of the chapters without front and back matter, of all if only that is."""
    indexes = tuple(chapter.index for chapter in manuscript.chapters if chapter.kind not in MATTER)
    return indexes or tuple(chapter.index for chapter in manuscript.chapters)


def ranges_of(outline: Iterable[Chapter], chapters: Collection[int]) -> tuple[tuple[int, int], ...]:
    """Return the characters (start, end) of those of `outline` whose index is in `chapters`."""
    return tuple((one.start, one.end) for one in outline if one.index in chapters)


def subject_of(
    manuscript_id: str, manuscript: Manuscript, chapters: Collection[int] | None = None
) -> Subject:
    """Return these chapters of a manuscript, or the whole of it, as a question has them."""
    if chapters is None:
        everything, words = ((0, len(manuscript.text)),), manuscript.words
        return Subject(manuscript_id, manuscript, "the whole manuscript", everything, words)
    chosen = [chapter for chapter in manuscript.chapters if chapter.index in chapters]
    ranges = ranges_of(chosen, chapters)
    names, indexes = names_of(manuscript), tuple(chapter.index for chapter in chosen)
    is_story = indexes == story_chapters(manuscript)
    scope = "the story" if is_story else _called([names[index] for index in indexes])
    return Subject(manuscript_id, manuscript, scope, ranges, manuscript.words_in(ranges))


def _called(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _NAMED:,} more chapters" if len(names) > _NAMED + 1 else ""
    return ", ".join(names[:_NAMED] if rest else names) + rest


def passages_of(
    manuscript: Manuscript, chapters: Collection[int], *, room: int, count: Callable[[str], int]
) -> list[ReadingPassage]:
    """Return the passages of `chapters`, each of at most `room` tokens by `count`, in order.

    A manuscript without chapters is cut where paragraphs end. What has no text is left out.
    """
    names, chosen = names_of(manuscript), frozenset(chapters)
    spans: list[tuple[tuple[int, ...], str, list[tuple[int, int]]]] = [
        ((chapter.index,), names[chapter.index], list(_cut(manuscript.text, chapter, room, count)))
        for chapter in manuscript.chapters
        if chapter.index in chosen
    ]
    if not manuscript.chapters:
        whole = pieces(manuscript.text, 0, len(manuscript.text), room=room, count=count)
        spans = [((), "", list(whole))]
    passages: list[ReadingPassage] = []
    for indexes, chapter_name, cuts in spans:
        for number, (start, end) in enumerate(cuts, 1):
            text = manuscript.text[start:end]
            if not text.strip():
                continue
            of = f"passage {number} of {len(cuts)}" if len(cuts) > 1 else ""
            name = ", ".join(filter(None, (chapter_name, of))) or "the whole text"
            words, tokens = manuscript.words_in([(start, end)]), count(text)
            passages.append(
                ReadingPassage(len(passages) + 1, name, indexes, start, end, words, tokens)
            )
    return passages


def _cut(
    text: str, chapter: Chapter, room: int, count: Callable[[str], int]
) -> Iterator[tuple[int, int]]:
    """Yield the whole chapter if it fits, else as many scenes together as do, else pieces."""
    if count(text[chapter.start : chapter.end]) <= room:
        yield chapter.start, chapter.end
        return
    scenes = [at for at in chapter.scenes if chapter.start < at < chapter.end]
    start = chapter.start
    for scene, scene_end in pairwise([*scenes, chapter.end]):
        if count(text[start:scene_end]) > room:
            yield from pieces(text, start, scene, room=room, count=count)
            start = scene
    yield from pieces(text, start, chapter.end, room=room, count=count)
