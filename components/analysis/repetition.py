"""Notices, while a text is written, that it has begun to repeat itself.

Units are words without their case, numbers, and single characters where a script sets no spaces. A
text repeats itself where each unit equals the one a period before it for `2.5 * period + 30` units:
a word some thirty times, a line of five words nine times, a paragraph of forty words three times.
Figures and JSON, whose rows may be alike for long, need four times as much. The number that begins
a line ("3.", "Chapter 3:") is left out, so that numbered items can be the same.

A text that goes in circles without being periodic is noticed by its phrases: where nearly all of
them have been there four times before, for some two hundred units.
"""

import re

#: Characters that are gathered before they are examined: each look costs more than they do.
_CHUNK = 64

#: Units that are remembered at the least; the longest period that is found.
_WINDOW = 1024

#: Units of a phrase.
_PHRASE = 4

#: Units that must repeat: so many periods, and so many units more.
_PERIODS, _UNITS = 2.5, 30

#: How much more must repeat of figures, and of JSON; one unit of so many that is a number makes
#: figures of them.
_FIGURES, _ONE_IN = 4, 4

#: A phrase is stale once it was there so often; the share of stale phrases among the latest, and
#: how slowly it follows them, in units.
_STALE, _SHARE, _SLOWNESS = 4, 0.94, 64

#: Characters without a letter or a number among them that no rule or table has in one stretch.
_SIGNS = 2_000

#: A word that is longer than this goes on as single characters.
_WORD = 40

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(
    rf"(?P<number>\d+)|(?P<sign>[{_UNSPACED}])|(?P<word>[^\W\d_{_UNSPACED}]+)"
    r'|(?P<line>\n)|(?P<data>[|{}\["])'
)


class RepetitionDetector:
    """Takes a text in pieces of any size; `repeats` is set once the text repeats itself.

    Costs some microseconds a word and remembers a bounded part of the text. `is_data` says that the
    text is to be JSON, whose parts are alike.
    """

    def __init__(self, *, is_data: bool = False) -> None:
        self.repeats = False
        self._is_data = is_data
        self._held = ""
        self._signs = 0
        self._units: list[str] = []
        self._phrases: dict[tuple[str, ...], tuple[int, int]] = {}  # last place, times
        self._stale = 0.0
        self._period = 0
        self._run = 0
        self._figures = 0  # in the run
        self._in_line = 0  # units of this line
        self._is_row = False  # of a table, or of JSON
        self._ordinal = ""

    def feed(self, text: str) -> bool:
        """Take in the next piece; return whether the text repeats itself."""
        self._held += text
        if len(self._held) >= _CHUNK and not self.repeats:
            self._look()
        return self.repeats

    def _look(self) -> None:
        held, end, has_units = self._held, 0, False
        for match in _TOKEN.finditer(held):
            kind, token = match.lastgroup, match[0]
            if match.end() == len(held) and kind in ("word", "number") and len(token) < _WORD:
                break  # It may go on.
            end = match.end()
            if kind == "line":
                self._in_line, self._is_row, self._ordinal = 0, False, ""
            elif kind == "data":
                self._is_row = self._is_row or not self._in_line
            else:
                has_units = True
                if kind == "number":
                    self._number(token)
                elif len(token) < _WORD:
                    self._add(token.casefold())
                else:
                    for character in token:
                        self._add(character)
        else:
            end = len(held)
        self._held = held[end:]
        self._signs = 0 if has_units else self._signs + end
        self.repeats = self.repeats or self._signs >= _SIGNS
        if len(self._units) >= 2 * _WINDOW:
            self._forget()

    def _number(self, number: str) -> None:
        """Take in a number; the one that begins a line is none of its units."""
        self._figures += 1
        if not self._is_row:
            if self._in_line <= 1 and not self._ordinal:
                self._ordinal = number
                return
            if number == self._ordinal:
                return
        self._add(number)

    def _add(self, unit: str) -> None:
        units = self._units
        units.append(unit)
        self._in_line += 1
        at = len(units) - 1
        phrase = tuple(units[-_PHRASE:])
        before, times = self._phrases.get(phrase, (-1, 0))
        self._phrases[phrase] = (at, times + 1)
        self._stale += ((times >= _STALE) - self._stale) / _SLOWNESS
        if self._period and units[at - self._period] == unit:
            self._run += 1
        elif before >= 0:
            self._period, self._run, self._figures = at - before, _PHRASE, 0
        else:
            self._period, self._run, self._figures = 0, 0, 0
        if self._run >= _UNITS or self._stale >= _SHARE:
            self._decide()

    def _decide(self) -> None:
        more = self._is_data or self._figures * _ONE_IN >= max(self._run, 1)
        least = (_PERIODS * self._period + _UNITS) * (_FIGURES if more else 1)
        if self._run + self._period >= least or (not more and self._stale >= _SHARE):
            self.repeats = True

    def _forget(self) -> None:
        """Keep the latest units only."""
        gone = len(self._units) - _WINDOW
        if self._period > _WINDOW:
            self._period = 0
        del self._units[:gone]
        self._phrases = {
            phrase: (at - gone, times)
            for phrase, (at, times) in self._phrases.items()
            if at >= gone
        }
