"""First Reader in a shell: read, analyse, compare, lenses, models, chat, pictures, glance, quotes.

    python -m components.cli read manuscript.docx --json
    python -m components.cli analyse manuscript.pdf --model gemma3:4b
    python -m components.cli compare manuscript.pdf --model gemma3:4b --model qwen3:8b --json
    python -m components.cli analyse novel.epub --model gemma3:4b --lens continuity --json
    python -m components.cli lenses
    python -m components.cli models
    python -m components.cli chat --model gemma3:4b --file manuscript.pdf
    python -m components.cli pictures cover.png --model gemma3:4b --manuscript manuscript.pdf
    python -m components.cli glance manuscript.pdf --json
    python -m components.cli quotes manuscript.pdf --json < report.md

The text goes to standard output as it arrives, progress and figures to standard error. The exit
status is 0 when all is done, 1 when an analysis failed, Ollama did not do it or `quotes` did not
find a quotation of four words or more in the manuscript, 2 when the file or the command cannot be
understood, 130 after Ctrl+C: what was written is kept in the library.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Sequence

from components.cli.output import status_line
from components.errors import (
    FirstReaderError,
    LensError,
    ManuscriptError,
    PictureError,
    SettingsError,
)

_MODEL = "the one that was chosen last unless given, or else the largest that fits this computer"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="first-reader",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    plain = commands.add_parser("read", help="say what a manuscript holds; asks no model")
    plain.add_argument("file")
    plain.add_argument("--password", help="what opens an encrypted file")
    plain.add_argument("--ocr", action="store_true", help="recognise the text of scanned pages")
    shown = plain.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="print what was found as JSON")
    shown.add_argument("--text", action="store_true", help="print the text that offsets count in")
    plain.set_defaults(run="read.show")

    one = commands.add_parser(
        "analyse", help="ask one model of a manuscript; with --lens, read all of it"
    )
    one.add_argument("file")
    one.add_argument("--model", help=_MODEL)
    _add_common(one)
    _add_reading(one)
    one.add_argument("--no-stream", action="store_true", help="print the text at its end only")
    one.set_defaults(run="analyse.analyse")

    several = commands.add_parser("compare", help="read a manuscript with two to four models")
    several.add_argument("file")
    several.add_argument("--model", action="append", required=True, help="once for each column")
    _add_common(several)
    several.add_argument("--lens", metavar="NAME", help="the question by its name; see lenses")
    several.set_defaults(run="analyse.compare")

    questions = commands.add_parser("lenses", help="list what can be asked; needs no Ollama")
    questions.add_argument("--json", action="store_true", help="with the questions themselves")
    questions.set_defaults(run="lenses.show")

    listed = commands.add_parser("models", help="list the models that Ollama has")
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run="analyse.models")

    talk = commands.add_parser("chat", help="talk, a line at a time; the end of input ends it")
    talk.add_argument("--model", help=_MODEL)
    talk.add_argument("--file", help="a manuscript to talk about")
    talk.add_argument("--system", default="", help="what the model is told beforehand")
    _add_options(talk)
    talk.set_defaults(run="chat.chat")

    look = commands.add_parser("pictures", help="have a model that sees look at pictures")
    look.add_argument("files", nargs="+", metavar="FILE", help="PNG, JPEG, WebP or GIF")
    look.add_argument("--model", help=_MODEL)
    look.add_argument("--manuscript", metavar="FILE", help="a book that they are compared with")
    _add_common(look, "the question; a description, or whether they fit, unless given")
    look.set_defaults(run="pictures.pictures")

    counted = commands.add_parser("glance", help="measure a manuscript, without a model")
    counted.add_argument("file")
    counted.add_argument("--json", action="store_true")
    counted.add_argument("--places", action="store_true", help="every place of each entry in JSON")
    counted.set_defaults(run="glance.show")

    checked = commands.add_parser("quotes", help="look up what a report quotes; needs no Ollama")
    checked.add_argument("file", help="the manuscript; the report comes on standard input")
    checked.add_argument("--json", action="store_true")
    checked.set_defaults(run="quotes.quotes")

    given = parser.parse_args(arguments)
    try:
        return int(_command(given.run)(given))
    except KeyboardInterrupt:
        return 130
    except FirstReaderError as error:
        unreadable = isinstance(error, LensError | ManuscriptError | PictureError | SettingsError)
        return _refuse(given, f"{error} {error.advice}".strip(), error, 2 if unreadable else 1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        said = f"This cannot be read: {where}{error.strerror or error}."
        return _refuse(given, said, error, 2)
    except ValueError as error:
        return _refuse(given, f"This cannot be read: {error}", error, 2)
    finally:
        status_line.clear()


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """Return a command, importing no more than it needs: reading starts in a third of a second."""
    module, _, function = name.partition(".")
    loaded = importlib.import_module(f"components.cli.{module}")
    command: Callable[[argparse.Namespace], int] = getattr(loaded, function)
    return command


def _add_common(
    parser: argparse.ArgumentParser,
    asks: str = "the question; the storyteller's analysis unless given",
) -> None:
    parser.add_argument("--prompt", help=asks)
    parser.add_argument("--json", action="store_true", help="print the result as JSON at its end")
    _add_options(parser)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lens",
        action="append",
        default=[],
        metavar="NAME",
        help="read the whole book, every chapter, by this lens; once for each; see lenses",
    )
    whole = parser.add_argument_group("with --lens")
    whole.add_argument(
        "--depth", choices=("skim", "standard", "thorough"), default="standard", help="how much"
    )
    whole.add_argument("--chapters", default="", metavar="1-3,7", help="those of the story else")
    whole.add_argument("--no-scores", action="store_true", help="no tension, pace and the like")
    whole.add_argument("--language", default="", help="of the answers, such as English")
    whole.add_argument("--anew", action="store_true", help="ask again what was answered before")


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="one of Ollama's options, such as temperature=0.2, num_ctx=8192 or think=true",
    )


def _refuse(given: argparse.Namespace, message: str, error: Exception, status: int) -> int:
    if getattr(given, "json", False):
        print(json.dumps({"error": message, "kind": type(error).__name__}))  # noqa: T201
    status_line.clear()
    print(message, file=sys.stderr)  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main())
