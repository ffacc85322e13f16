"""A streaming answer, split where it will not change any more.

A page that shows a growing text must send again whatever may still change, so the less of it there
is the better: a paragraph that is finished is sent once. What is finished is not guessed from blank
lines but read off the parser that also renders: a block is closed for good once a complete line has
begun another one. CommonMark decides so line by line, and `parser.py` leaves out or amends the few
constructs that would reach further. So a piece, rendered alone, gives what it gave in the whole.

Three kinds of block are long:

- A list is cut between its top-level items. A numbered item carries its number in its source, and
  the cut is made only where that number is the one that the whole list would have shown (a list
  written 1. 1. 1. counts 1, 2, 3 and so stays together).
- A table stays together until it ends: a row means nothing without the header that names and
  aligns its columns, and rows in tables of their own would not share the widths of their columns.
- A code fence stays together until it is closed: before that, its lines are not yet known to be
  code, and afterwards it is one box.

Work is bounded by what was fed. Each character fed buys a fixed amount of parsing, on top of some
to begin with; a parse of the tail costs its length; when the purse does not reach, the parse waits
until enough has been fed. In prose this never happens. In a code fence of thousands of lines it
makes the whole linear, and lets a block wait for some per cent of its own length longer than it
need.
"""

from __future__ import annotations

from itertools import pairwise

from components.markdown.parser import LINE_END, block_tokens

#: What there is to begin with, what a character fed buys, and what parsing costs: one for each
#: character and this much more for each line (the parser takes about as long for an empty line as
#: for sixty characters). So a block of 60 lines is still looked at after each of them.
_PURSE = 100_000
_WORTH = 32
_LINE_COST = 60


class Blocks:
    r"""A text that arrives in pieces, as finished blocks and the rest.

    At every moment `"".join(blocks.settled) + blocks.tail` is all the text fed. The sequence of
    blocks at the end depends on the text alone, not on how it was cut into pieces.

    >>> blocks = Blocks()
    >>> blocks.feed("# Pace\n\nThe first chap")
    >>> blocks.settled, blocks.tail
    ([], '# Pace\n\nThe first chap')
    >>> blocks.feed("ter is slow.\n")
    >>> blocks.settled, blocks.tail
    (['# Pace\n\n'], 'The first chapter is slow.\n')
    """

    def __init__(self) -> None:
        #: The markdown of each finished block, with the blank lines that follow it. Only ever
        #: grows at its end.
        self.settled: list[str] = []
        self._pieces: list[str] = []  # of the tail
        self._length = 0  # of the tail
        self._complete = 0  # how much of the tail is complete lines
        self._lines = 0  # how many lines that is
        self._purse = _PURSE
        self._unread = False  # whether a line was completed since the last parse
        self._finished = False

    @property
    def tail(self) -> str:
        """The text that may still change its meaning."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def feed(self, text: str) -> None:
        """Append `text`, and settle what it finishes.

        Raises: ValueError after `finish`.
        """
        if self._finished:
            raise ValueError("text was fed to a finished answer")
        if not text:
            return
        self._pieces.append(text)
        self._purse += _WORTH * len(text)
        newlines = text.count("\n")
        if newlines:
            self._complete = self._length + text.rindex("\n") + 1
            self._lines += newlines
            self._unread = True
        self._length += len(text)
        cost = self._complete + _LINE_COST * self._lines
        if self._unread and cost <= self._purse:
            self._purse -= cost
            self._unread = False
            self._settle(self.tail[: self._complete])

    def finish(self) -> None:
        """Settle the rest: the text is at its end. Calling it again does nothing."""
        if self._finished:
            return
        self._finished = True
        self._settle(self.tail)
        if self._length:
            self.settled.append(self.tail)
        self._pieces = []
        self._length = self._complete = self._lines = 0

    def _settle(self, text: str) -> None:
        """Settle what is finished in `text`, the tail or its complete lines."""
        cuts = _cuts(text)
        if not cuts:
            return
        self.settled.extend(text[begin:end] for begin, end in pairwise([0, *cuts]))
        rest = self.tail[cuts[-1] :]
        self._pieces = [rest]
        self._length = len(rest)
        self._complete -= cuts[-1]
        self._lines = rest.count("\n")


def _cuts(text: str) -> list[int]:
    """Return the offsets in `text` where a block begins that is not the first."""
    starts: list[int] = []
    head = expected = 0
    for token in block_tokens(text):
        if token.map is None:
            continue
        line = token.map[0]
        if token.level == 0 and token.nesting >= 0:
            starts.append(line)
            head = line
            expected = -1
        elif token.level == 1 and token.type == "list_item_open":
            number = int(token.info) if token.info else -1
            if line == head:
                expected = number
            elif number == -1 or number == expected:
                starts.append(line)
            expected += 1
    return _offsets(text, starts[1:])


def _offsets(text: str, lines: list[int]) -> list[int]:
    """Return where in `text` each of `lines` begins."""
    if not lines:
        return []
    ends = [match.end() for match in LINE_END.finditer(text)]
    return [ends[line - 1] for line in lines]
