"""A streaming answer, split where it will not change any more.

A page sends again whatever may still change; a finished block is sent once. What is finished is
read off the parser that also renders: a block is closed for good once a complete line has begun
another one, and `parser.py` leaves out the constructs that reach further. So a piece, rendered
alone, gives what it gave in the whole. A list is cut between its top-level items, but a numbered
item only where its number is the one that the whole list would have shown (1. 1. 1. counts 1, 2, 3
and stays together). A table and a code fence stay together until they end.

Work is linear in what was fed: each character buys a fixed amount of parsing, and a parse that
costs more than what was bought waits. This only ever happens in very long blocks.
"""

from itertools import pairwise

from components.markdown.parser import LINE_END, block_tokens

#: What there is to begin with, what a character fed buys, and what parsing costs: one for each
#: character and this much more for each line (the parser takes about as long for an empty line as
_PURSE = 100_000  # for sixty characters). So a block of 60 lines is still parsed after each of them
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
        #: The markdown of each finished block, with the blank lines that follow it.
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
        self._pieces.append(text)
        self._purse += _WORTH * len(text)
        if "\n" in text:
            self._complete = self._length + text.rindex("\n") + 1
            self._lines += text.count("\n")
            self._unread = True
        self._length += len(text)
        cost = self._complete + _LINE_COST * self._lines
        if self._unread and cost <= self._purse:
            self._purse -= cost
            self._unread = False
            self._settle(self.tail[: self._complete])

    def finish(self) -> None:
        """Settle the rest: the text is at its end. Calling it again does nothing."""
        if not self._finished:
            self._settle(self.tail)
            self.settled += filter(None, [self.tail])
            self._pieces = []
            self._finished = True

    def _settle(self, text: str) -> None:
        """Settle what is finished in `text`, the tail or its complete lines."""
        cuts = _cuts(text)
        if cuts:
            self.settled.extend(text[begin:end] for begin, end in pairwise([0, *cuts]))
            rest = self.tail[cuts[-1] :]
            self._pieces = [rest]
            self._length = len(rest)
            self._complete -= cuts[-1]
            self._lines = rest.count("\n")


def _cuts(text: str) -> list[int]:
    """Return the offsets in `text` where a block begins that is not the first."""
    starts: list[int] = []  # lines
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
            elif number in (-1, expected):
                starts.append(line)
            expected += 1
    if len(starts) < 2:
        return []
    ends = [match.end() for match in LINE_END.finditer(text)]
    return [ends[line - 1] for line in starts[1:]]
