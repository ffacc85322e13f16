"""Lenses: the questions that an editor asks of a manuscript, as plain files.

A lens is a Markdown file whose first line is its title; the rest is the prompt. A file may end with
the JSON schema of the answer, under a heading of its own and in a fence:

    # Names

    List every name that stands in the manuscript.

    ## Answer as JSON
    ```json
    {"type": "object", "properties": {"names": {"type": "array", "items": {"type": "string"}}}}
    ```

Lines that begin with `>` right under the title are the same question in few words. Where a book is
read chapter by chapter, each chapter is asked that: what stands after a text is read once for every
question, so that six long questions to a short chapter would cost more than the chapter.

The schema is no part of the prompt: Ollama holds the model to it. After that heading nothing else
may stand, so that a slip in it is reported and never sent to the model as words.

The prompts speak of "the manuscript", whether the whole of it, one chapter or notes on chapters are
what the model has before it: who sends them says which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import NoReturn

from components.engine import Options
from components.errors import LensError

DEFAULT_LENS = "storyteller"

#: Longest title, in characters: a line in a list.
MOST_TITLE = 120

#: Longest prompt, and longest schema, in characters: about 5,000 tokens each. More than that takes
#: from a small model the room that the manuscript needs.
MOST_PROMPT = 20_000

#: Those that ask about a manuscript, from the whole to the use that is made of the answers. The
#: rest of the shipped ones asks about pictures.
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
_IN_FEW = re.compile(r"\s*(?:^>[^\n]*\n?)+", re.MULTILINE)
_FENCED = re.compile(r"\s*```json[ \t]*\n(.*?)\n?```\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Lens:
    """One question: `name` of its file, `title` for people, `prompt` for the model.

    `schema` is the JSON schema of the answer as text, None where the answer is prose; `is_own` says
    that the editor made it. `of_chapter` is the question in few words, empty where there is none.
    """

    name: str
    title: str
    prompt: str
    schema: str | None = None
    is_own: bool = False
    of_chapter: str = ""

    @property
    def brief(self) -> str:
        """What is asked of one chapter, where the prompt is asked of the whole book."""
        return self.of_chapter or self.prompt


@cache
def lens(name: str = DEFAULT_LENS) -> Lens:
    """Return the shipped lens called `name`.

    Raises: FileNotFoundError, a fault in the program.
    """
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
    return frozenset(
        one.name.removesuffix(".md") for one in folder.iterdir() if one.name.endswith(".md")
    )


def title_of(prompt: str, among: Iterable[Lens]) -> str:
    """Return the title of the lens of `among` that asks `prompt`, else what any question is."""
    return next((one.title for one in among if one.prompt == prompt), "Analysis")


def with_schema(options: Options, schema: str | None) -> Options:
    """Return `options` with the `schema` of a lens as their format, unless they have one."""
    if schema is None or options.format is not None:
        return options
    return replace(options, format=schema)


def from_text(name: str, text: str, *, is_own: bool = False) -> Lens:
    """Return the lens that the file called `name` holds as `text`.

    Raises: LensError, with what is wrong with it.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    title, _, prompt = lines.partition("\n")
    in_few = _IN_FEW.match(prompt)
    if in_few:
        prompt = prompt[in_few.end() :]
    schema = None
    if section := _SECTION.search(prompt):
        fenced = _FENCED.fullmatch(prompt, section.end())
        if fenced is None:
            raise LensError(
                f"Under the line “{_HEADING}” stands something else than one schema.",
                advice="End it with a line ```json, the schema, and a line ```, and nothing after.",
            )
        prompt, schema = prompt[: section.start()], fenced[1]
    of_chapter = " ".join(re.sub(r"(?m)^>", "", in_few[0]).split()) if in_few else ""
    return checked(Lens(name, title.removeprefix("#"), prompt, schema, is_own, of_chapter))


def to_text(one: Lens) -> str:
    """Return what the file of a lens holds: `from_text` makes the same of it again.

    Raises: LensError, where the prompt holds what marks a schema or begins as the short question.
    """
    if _SECTION.search(one.prompt):
        raise LensError(
            f"The question holds the line “{_HEADING}”, which marks the schema in a lens’s file.",
            advice="Take that line out and put the schema into its own field.",
        )
    if _IN_FEW.match(one.prompt):
        raise LensError(
            "The question begins with “>”, which marks the question in few words in a lens’s file.",
            advice="Put another line before it.",
        )
    end = f"\n{_HEADING}\n```json\n{one.schema}\n```\n" if one.schema else ""
    in_few = f"> {one.of_chapter}\n\n" if one.of_chapter else ""
    return f"# {one.title}\n\n{in_few}{one.prompt}\n{end}"


def checked(one: Lens) -> Lens:
    """Return the lens with the white space around its parts taken away.

    Raises: LensError, where a part is missing, is too long, or the schema is none.
    """
    title = " ".join(one.title.split())
    prompt = one.prompt.replace("\r\n", "\n").replace("\r", "\n").strip()
    schema = (one.schema or "").strip() or None
    if not any(one.isprintable() and one != " " for one in title):
        raise LensError("The lens has no title.", advice="Give it a title.")
    if not prompt:
        raise LensError("The lens asks nothing.", advice="Write what the model is asked.")
    for said, part, most in (
        ("title", title, MOST_TITLE),
        ("question", prompt, MOST_PROMPT),
        ("schema", schema or "", MOST_PROMPT),
    ):
        if len(part) > most:
            raise LensError(
                f"The {said} of the lens has {len(part):,} of at most {most:,} characters.",
                advice="Make it shorter; nothing was cut.",
            )
    if schema is not None and not _is_object(schema):
        raise LensError(
            "The schema of the lens is not a JSON object.",
            advice="Put it right: it begins with { and ends with }. Or leave it out.",
        )
    if schema is not None and any(
        not reference.startswith("#") for reference in _references(schema)
    ):
        raise LensError(
            "The schema of the lens refers to another file or address, and nothing is fetched.",
            advice="Write what it refers to into the schema itself, under $defs.",
        )
    return Lens(one.name, title, prompt, schema, one.is_own, " ".join(one.of_chapter.split()))


def _references(schema: str) -> list[str]:
    """Return what a schema refers to by `$ref` and the like."""
    found: list[str] = []

    def keep(value: dict[str, object]) -> None:
        found.extend(value[key] for key in _REFER if isinstance(value.get(key), str))  # type: ignore[misc]

    json.loads(schema, object_hook=keep)
    return found


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, parse_constant=_refuse), dict)
    except (ValueError, RecursionError):
        return False


def _refuse(constant: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(constant)
