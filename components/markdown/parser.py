"""The markdown we understand: CommonMark and tables, without anything that leads elsewhere.

HTML, autolinks, footnotes and references are off and stay text. Links and pictures are found by a
rule of our own, to be written out as text (`html.py`); it only looks at the place itself, which
keeps `[[[[…` from costing quadratic time.

So that a text may be cut between its blocks and list items (`blocks.py`), there are no reference
definitions, and a line that begins with the marker of a list or a quotation is never the header of
a table: the library tries tables first at the first item of a list, but not at the second.
"""

import re
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block, table
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_BlockRule = Callable[[StateBlock, int, int, bool], bool]

#: Levels of quotations and lists inside one another (a list counts two); deeper ones stay text.
#: The library's own bound, `maxNesting`, drops all that follows; ours always comes first.
MAX_DEPTH = 20

#: Columns of a table. A two-byte row of a table makes as many cells as its header has, so that
MAX_COLUMNS = 24  # this also bounds how much larger than its source the HTML can be

#: What ends a line, for the parser and for whoever counts lines with it.
LINE_END = re.compile(r"\r\n?|\n")

_CONTAINER = re.compile(r">|(?:[-+*]|[0-9]{1,9}[.)])(?=[ \t]|$)")

# [label](address "title"), and ! before it for a picture. The label may hold brackets one level
# deep, the address parentheses one level deep. Every repetition is possessive or bounded, and none
# runs over the opening character of the next attempt, so that a line of n characters costs n steps.
_ADDRESS = re.compile(
    r"""
    !? \[ (?P<label> (?: \\. | [^\[\]\\] | \[ (?: \\. | [^\[\]\\] )*+ \] ){0,2000}+ ) \]
    \( \s{0,20}+
    (?: < (?P<quoted> [^<>\n]{0,4000}+ ) >
      | (?P<plain> (?: [^\s()<] | \( [^\s()]*+ \) ){0,4000}+ ) )
    (?: \s{1,20}+ (?: " (?P<double> [^"]{0,1000}+ ) " | ' (?P<single> [^']{0,1000}+ ) ' ) )?
    \s{0,20}+ \)
    """,
    re.VERBOSE | re.DOTALL,
)


def _shallow(rule: _BlockRule) -> _BlockRule:
    """Return `rule`, a container's, made to find nothing below `MAX_DEPTH`."""
    return lambda state, start, end, silent: (
        state.level < MAX_DEPTH and rule(state, start, end, silent)
    )


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Find a table, unless its header begins a list or a quotation or has too many columns."""
    begin, stop = state.bMarks[start] + state.tShift[start], state.eMarks[start]
    if _CONTAINER.match(state.src, begin, stop):
        return False
    if state.src.count("|", begin, stop) > MAX_COLUMNS + 1:
        return False
    return table(state, start, end, silent)


def _address(state: StateInline, silent: bool) -> bool:
    """Find a link or a picture and make tokens that `html.py` writes as text."""
    match = _ADDRESS.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        if match[0].startswith("!"):
            token = state.push("picture", "", 0)
        else:
            beyond = state.posMax
            state.push("address_open", "", 1)
            state.pos, state.posMax = match.span("label")
            state.md.inline.tokenize(state)
            state.posMax = beyond
            token = state.push("address_close", "", -1)
        token.content = match["label"]
        token.meta = {
            "address": match["quoted"] or match["plain"] or "",
            "title": match["double"] or match["single"] or "",
        }
    state.pos = match.end()
    return True


def _build() -> MarkdownIt:
    built = MarkdownIt("zero", {"maxNesting": 10 * MAX_DEPTH})
    built.enable(["code", "fence", "hr", "heading", "lheading"])
    built.enable(["table", "blockquote", "list"])
    built.enable(["newline", "escape", "backticks", "strikethrough", "emphasis", "entity"])
    # `alt` names the blocks that a rule may interrupt; replacing a rule replaces it too.
    interrupts = ["paragraph", "blockquote"]
    built.block.ruler.at("table", _table, {"alt": ["paragraph"]})
    built.block.ruler.at("list", _shallow(list_block), {"alt": interrupts})
    built.block.ruler.at("blockquote", _shallow(blockquote), {"alt": [*interrupts, "list"]})
    built.inline.ruler.push("address", _address)
    return built


#: Shared by all threads: a parse keeps its state in objects of its own.
PARSER = _build()


def parse(source: str) -> Sequence[Token]:
    """Parse all of `source`, untrusted markdown; an `inline` token's children are its text."""
    return PARSER.parse(source)


def block_tokens(source: str) -> Sequence[Token]:
    """Parse the blocks of `source`, not the text inside them; a token's `map` counts lines."""
    tokens: list[Token] = []
    PARSER.block.parse(LINE_END.sub("\n", source), PARSER, {}, tokens)
    return tokens
