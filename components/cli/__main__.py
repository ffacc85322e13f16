"""First Reader in a shell. Without a command it opens the page, as `make run` does.

    first-reader
    first-reader read manuscript.docx --json
    first-reader analyse manuscript.pdf --model gemma3:4b
    first-reader compare manuscript.pdf --model gemma3:4b --model qwen3:8b --json
    first-reader analyse novel.epub --model gemma3:4b --lens continuity --json
    first-reader lenses
    first-reader models
    first-reader chat --model gemma3:4b --file manuscript.pdf
    first-reader pictures cover.png --model gemma3:4b --manuscript manuscript.pdf
    first-reader glance manuscript.pdf --json
    first-reader quotes manuscript.pdf --json < report.md
    first-reader ask manuscript.pdf "Where is the key?" --model gemma3:4b
    first-reader ask manuscript.pdf --questions questions.txt --retrieve-only --json
    first-reader usage

Text goes to standard output as it arrives, progress and figures to standard error. The exit status
is 0 when all is done, 1 when an analysis failed, Ollama did not do it or `quotes` did not find a
quotation of four words or more in the manuscript, 2 when the file or the command cannot be
understood, 130 after Ctrl+C: what was written is kept in the library.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Sequence

from components.cli.output import printable, status_line
from components.errors import (
    FirstReaderError,
    LensError,
    ManuscriptError,
    PictureError,
    SettingsError,
)

_MODEL = "the one that was chosen last unless given, or else the largest that fits this computer"

#: Errors of the file or the command; the exit status is 2.
_UNREADABLE = (LensError, ManuscriptError, PictureError, SettingsError, OSError, ValueError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(_command(options.run)(options))
    except KeyboardInterrupt:
        return 130
    except (FirstReaderError, OSError, ValueError) as error:
        if isinstance(error, FirstReaderError):
            message = f"{error} {error.advice}".strip()
        elif isinstance(error, OSError):
            where = f"{error.filename}: " if error.filename else ""
            message = f"This cannot be read: {where}{error.strerror or error}."
        else:
            message = f"This cannot be read: {error}"
        if getattr(options, "json", False):
            print(json.dumps({"error": message, "kind": type(error).__name__}))  # noqa: T201
        status_line.clear()
        print(printable(message), file=sys.stderr)  # noqa: T201 - it may be a server's
        return 2 if isinstance(error, _UNREADABLE) else 1
    finally:
        status_line.clear()


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """Return a command, importing no more than it needs: reading starts in a third of a second."""
    module, _, function = name.partition(".")
    command: Callable[[argparse.Namespace], int] = getattr(
        importlib.import_module(f"components.cli.{module}"), function
    )
    return command


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="first-reader",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    parser.set_defaults(run="page.open_page")
    commands = parser.add_subparsers(metavar="COMMAND")

    def add(name: str, run: str, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        return command

    read = add("read", "read.show", "say what a manuscript holds; asks no model")
    read.add_argument("file")
    read.add_argument("--password", help="what opens an encrypted file")
    read.add_argument("--ocr", action="store_true", help="recognise the text of scanned pages")
    form = read.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print what was found as JSON")
    form.add_argument("--text", action="store_true", help="print the text that offsets count in")

    analyse = add(
        "analyse", "analyse.analyse", "ask one model of a manuscript; with --lens, read all of it"
    )
    analyse.add_argument("file")
    analyse.add_argument("--model", help=_MODEL)
    _add_question(analyse)
    analyse.add_argument(
        "--lens",
        action="append",
        default=[],
        metavar="NAME",
        help="read the whole book, every chapter, by this lens; once for each; see lenses",
    )
    whole = analyse.add_argument_group("with --lens")
    whole.add_argument(
        "--depth", choices=("skim", "standard", "thorough"), default="standard", help="how much"
    )
    whole.add_argument("--chapters", default="", metavar="1-3,7", help="those of the story else")
    whole.add_argument("--no-scores", action="store_true", help="no tension, pace and the like")
    whole.add_argument("--language", default="", help="of the answers, such as English")
    whole.add_argument("--anew", action="store_true", help="ask again what was answered before")
    analyse.add_argument("--no-stream", action="store_true", help="print the text at its end only")

    compare = add("compare", "analyse.compare", "read a manuscript with two to four models")
    compare.add_argument("file")
    compare.add_argument("--model", action="append", required=True, help="once for each column")
    _add_question(compare)
    compare.add_argument("--lens", metavar="NAME", help="the question by its name; see lenses")

    lenses = add("lenses", "lenses.show", "list what can be asked; needs no Ollama")
    lenses.add_argument("--json", action="store_true", help="with the questions themselves")

    models = add("models", "models.show", "list the models that Ollama has")
    models.add_argument("--json", action="store_true")

    chat = add("chat", "chat.chat", "talk, a line at a time; the end of input ends it")
    chat.add_argument("--model", help=_MODEL)
    chat.add_argument("--file", help="a manuscript to talk about")
    chat.add_argument("--system", default="", help="what the model is told beforehand")
    _add_options(chat)

    pictures = add("pictures", "analyse.pictures", "have a model that sees look at pictures")
    pictures.add_argument("files", nargs="+", metavar="FILE", help="PNG, JPEG, WebP or GIF")
    pictures.add_argument("--model", help=_MODEL)
    pictures.add_argument("--manuscript", metavar="FILE", help="a book that they are compared with")
    _add_question(pictures, "the question; a description, or whether they fit, unless given")

    glance = add("glance", "glance.show", "measure a manuscript, without a model")
    glance.add_argument("file")
    glance.add_argument("--json", action="store_true")
    glance.add_argument("--places", action="store_true", help="every place of each entry in JSON")

    quotes = add("quotes", "quotes.quotes", "look up what a report quotes; needs no Ollama")
    quotes.add_argument("file", help="the manuscript; the report comes on standard input")
    quotes.add_argument("--json", action="store_true")

    ask = add("ask", "ask.ask", "ask the whole of a manuscript; answers have citations")
    ask.add_argument("file")
    ask.add_argument("question", nargs="?")
    ask.add_argument("--questions", metavar="FILE", help="a file with a question a line, instead")
    ask.add_argument(
        "--retrieve-only", action="store_true", help="the passages, best first, without any Ollama"
    )
    ask.add_argument("--model", help=_MODEL)
    _add_options(ask)
    ask.add_argument("--json", action="store_true", help="with --questions, a line a question")

    usage = add("usage", "usage.show", "say how much each user of this server uses; no texts")
    usage.add_argument("--json", action="store_true")
    return parser


def _add_question(
    parser: argparse.ArgumentParser,
    text: str = "the question; the storyteller's analysis unless given",
) -> None:
    parser.add_argument("--prompt", help=text)
    parser.add_argument("--json", action="store_true", help="print the result as JSON at its end")
    _add_options(parser)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="one of Ollama's options, such as temperature=0.2, num_ctx=8192 or think=true",
    )


if __name__ == "__main__":
    sys.exit(main())
