"""Lenses: the questions that an editor asks of a manuscript, as Markdown files.

The first line is the title, the rest the prompt. Lines that begin with `>` under the title are the
same question in few words, for small models and for each chapter of a book: six long questions to a
short chapter would cost more than the chapter.

Two sections may stand at the end, which are no part of the prompt, so that a slip in them is
reported and never sent to the model: `## Findings`, with what a report looks for in each passage,
one line a kind (`- Event: something that happens`; with fields, `- Age (who, value): how old`), and
`## Answer as JSON`, with the JSON schema of the answer in a fence.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from components.engine import Options
from components.errors import LensError

DEFAULT_LENS = "storyteller"

#: Longest title, in characters: a line in a list.
MOST_TITLE = 120

#: Longest prompt, and longest schema, in characters: about 5,000 tokens each. A small model needs
#: the rest of its context for the manuscript.
MOST_PROMPT = 20_000

#: Those that ask about a manuscript, in the order of lists; the other shipped ones ask about
#: pictures.
_ABOUT_MANUSCRIPTS = (
    DEFAULT_LENS,
    "structure",
    "characters",
    "emotion",
    "pacing",
    "dialogue",
    "continuity",
    "opening",
    "synopsis",
    "letter",
)

#: How a schema refers to another.
_REFER = ("$ref", "$dynamicRef", "$recursiveRef")

_HEADING = "## Answer as JSON"

_SECTION = re.compile(rf"^{_HEADING}[ \t]*$", re.MULTILINE)
_KINDS_HEADING = "## Findings"
_KINDS = re.compile(rf"^{_KINDS_HEADING}[ \t]*$\n?(.*)\Z", re.MULTILINE | re.DOTALL)
_KIND = re.compile(r"[-*]\s+([^:(]{1,60}?)\s*(?:\(([\w ,]{1,80})\))?:\s*(\S.{0,200})")

#: Most kinds of findings of one lens: a model is asked for all of them at once.
MOST_KINDS = 8

_IN_FEW = re.compile(r"\s*(?:^>[^\n]*\n?)+", re.MULTILINE)
_FENCED = re.compile(r"\s*```json[ \t]*\n(.*?)\n?```\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FindingKind:
    """What a report looks for: the heading it stands under, and what it is, for the model.

    `fields` are what the model gives of it beside the claim, such as "subject" and "value".
    """

    name: str
    brief: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lens:
    """One question: `name` of its file, `title` for people, `prompt` for the model.

    `schema` is the JSON schema of the answer, None where that is prose; `is_own` says that the
    editor made it. `of_chapter` is the question in few words, empty where there is none; `kinds`
    are what a report looks for, as the file declares them.
    """

    name: str
    title: str
    prompt: str
    schema: str | None = None
    is_own: bool = False
    of_chapter: str = ""
    kinds: tuple[FindingKind, ...] = ()

    @property
    def id(self) -> str:
        """What tells it from all others: an own one may be called like a shipped one."""
        return f"own/{self.name}" if self.is_own else self.name

    @property
    def looks_for(self) -> tuple[FindingKind, ...]:
        """What a report looks for in a passage: one kind where the file declares none."""
        return self.kinds or (FindingKind(self.title, self.brief),)

    @property
    def brief(self) -> str:
        """The question to one chapter, where the prompt is asked of the whole book."""
        return self.of_chapter or self.prompt


@cache
def lens(name: str = DEFAULT_LENS) -> Lens:
    """Return the shipped lens called `name`. Raises: FileNotFoundError, a fault in the program."""
    path = resources.files("components.analysis") / "lenses" / f"{name}.md"
    return from_text(name, path.read_text(encoding="utf-8"))


@cache
def lenses() -> tuple[Lens, ...]:
    """Return the shipped lenses about manuscripts, the storyteller's first."""
    return tuple(lens(name) for name in _ABOUT_MANUSCRIPTS)


@cache
def shipped_names() -> frozenset[str]:
    """Return the names of all shipped lenses, those about pictures too."""
    folder = resources.files("components.analysis") / "lenses"
    names = (file.name for file in folder.iterdir())
    return frozenset(name.removesuffix(".md") for name in names if name.endswith(".md"))


def title_of(prompt: str, among: Iterable[Lens]) -> str:
    """Return the title of the lens of `among` that asks `prompt`, else what any question is."""
    return next((lens.title for lens in among if lens.prompt == prompt), "Analysis")


def lens_labels(among: Sequence[Lens]) -> dict[str, str]:
    """Return the title of each lens by its id, with its name where two have the same title."""
    titles = Counter((lens.title, lens.is_own) for lens in among)
    labels_by_id = {}
    for lens in among:
        notes = ["yours"] if lens.is_own else []
        if titles[lens.title, lens.is_own] > 1:
            notes.append(lens.name)
        labels_by_id[lens.id] = f"{lens.title} ({', '.join(notes)})" if notes else lens.title
    return labels_by_id


def with_schema(options: Options, schema: str | None) -> Options:
    """Return `options` with the `schema` of a lens as their format, unless they have one."""
    if schema is None or options.format is not None:
        return options
    return replace(options, format=schema)


def from_text(name: str, text: str, *, is_own: bool = False) -> Lens:
    """Return the lens that the file called `name` holds as `text`.

    Raises: LensError, with what is wrong with it.
    """
    title, _, prompt = _with_newlines(text).partition("\n")
    schema, of_chapter = None, ""
    if in_few := _IN_FEW.match(prompt):
        prompt = prompt[in_few.end() :]
        of_chapter = re.sub(r"(?m)^>", "", in_few[0])
    if section := _SECTION.search(prompt):
        fenced = _FENCED.fullmatch(prompt, section.end())
        if fenced is None:
            raise LensError(
                f"Under the line “{_HEADING}” stands something else than one schema.",
                advice="End it with a line ```json, the schema, and a line ```, and nothing after.",
            )
        prompt, schema = prompt[: section.start()], fenced[1]
    kinds: tuple[FindingKind, ...] = ()
    if section := _KINDS.search(prompt):
        prompt, kinds = prompt[: section.start()], _read_kinds(section[1])
    title = title.removeprefix("#")
    return validated(Lens(name, title, prompt, schema, is_own, of_chapter, kinds))


def _read_kinds(text: str) -> tuple[FindingKind, ...]:
    """Return the kinds that the lines under the heading declare. Raises: LensError."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    matches = [_KIND.fullmatch(line) for line in lines]
    kinds = tuple(
        FindingKind(match[1], match[3], tuple(re.findall(r"[^\s,][^,]*", match[2] or "")))
        for match in matches
        if match
    )
    if len(kinds) < len(lines) or not 0 < len({kind.name for kind in kinds}) <= MOST_KINDS:
        raise LensError(
            f"Under the line “{_KINDS_HEADING}” stands something else than kinds of findings.",
            advice=f"Write at most {MOST_KINDS} lines such as “- Event: something that happens”.",
        )
    return kinds


def to_text(lens: Lens) -> str:
    """Return what the file of a lens holds: `from_text` makes the same of it again.

    Raises: LensError, where the prompt holds what marks a schema or begins as the short question.
    """
    if _SECTION.search(lens.prompt):
        raise LensError(
            f"The question holds the line “{_HEADING}”, which marks the schema in a lens’s file.",
            advice="Take that line out and put the schema into its own field.",
        )
    if _KINDS.search(lens.prompt):
        raise LensError(
            f"The question holds the line “{_KINDS_HEADING}”, which marks what a report looks for.",
            advice="Put another heading in its place.",
        )
    if _IN_FEW.match(lens.prompt):
        raise LensError(
            "The question begins with “>”, which marks the question in few words in a lens’s file.",
            advice="Put another line before it.",
        )
    end = f"\n{_HEADING}\n```json\n{lens.schema}\n```\n" if lens.schema else ""
    in_few = f"> {lens.of_chapter}\n\n" if lens.of_chapter else ""
    lines = ""
    for kind in lens.kinds:
        fields = f" ({', '.join(kind.fields)})" if kind.fields else ""
        lines += f"- {kind.name}{fields}: {kind.brief}\n"
    kinds = f"\n{_KINDS_HEADING}\n{lines}" if lens.kinds else ""
    return f"# {lens.title}\n\n{in_few}{lens.prompt}\n{kinds}{end}"


def validated(lens: Lens) -> Lens:
    """Return the lens with the white space around its parts taken away.

    Raises: LensError, where a part is missing, is too long, or the schema is none.
    """
    title = " ".join(lens.title.split())
    prompt = _with_newlines(lens.prompt)
    schema = (lens.schema or "").strip() or None
    if not any(char.isprintable() and char != " " for char in title):
        raise LensError("The lens has no title.", advice="Give it a title.")
    if not prompt:
        raise LensError("The lens asks nothing.", advice="Write what the model is asked.")
    for name, part, most in (
        ("title", title, MOST_TITLE),
        ("question", prompt, MOST_PROMPT),
        ("schema", schema or "", MOST_PROMPT),
    ):
        if len(part) > most:
            raise LensError(
                f"The {name} of the lens has {len(part):,} of at most {most:,} characters.",
                advice="Make it shorter; nothing was cut.",
            )
    if schema is not None:
        _check_schema(schema)
    of_chapter = " ".join(lens.of_chapter.split())
    return replace(lens, title=title, prompt=prompt, schema=schema, of_chapter=of_chapter)


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _check_schema(schema: str) -> None:
    """Raise LensError where a schema is no JSON object or refers to what is outside it."""
    references: list[object] = []

    def collect(value: dict[str, object]) -> dict[str, object]:
        references.extend(value.get(key) for key in _REFER)
        return value

    try:
        value = json.loads(schema, object_hook=collect, parse_constant=_refuse)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise LensError(
            "The schema of the lens is not a JSON object.",
            advice="Put it right: it begins with { and ends with }. Or leave it out.",
        )
    if any(isinstance(name, str) and not name.startswith("#") for name in references):
        raise LensError(
            "The schema of the lens refers to another file or address, and nothing is fetched.",
            advice="Write what it refers to into the schema itself, under $defs.",
        )


def _refuse(constant: str) -> None:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(constant)
