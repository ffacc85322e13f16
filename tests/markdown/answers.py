"""Answers such as models write, and pieces from which the tests make stranger ones."""

from __future__ import annotations

import random

ANALYSIS = """\
# Analysis of *The Time Machine*

Wells frames the story twice: "I think that at that time none of us quite believed in the Time
Machine," says the narrator, and the frame makes the reader a sceptic. The **pacing** is brisk.

## Pacing

The opening moves quickly.\x20\x20
It slows in chapter 4 — deliberately — and never quite recovers.\\
A hard break was above.

Strengths:
- **Voice.** The Traveller's plain diction ("I am afraid I cannot convey…") carries the strange.
- **Structure.** Frame, journey, return:
  1. the dinner,
  2. the journey,
     with a lazy line
and another lazy one,
  3. the second dinner.

  A paragraph that belongs to the item.
- **Setting.** `802,701` is a number nobody forgets.

* Another list, with another marker

* loose

+ and a third

1. The frame narrator is thin.

2. Weena is a device, not a character.

   > She was exactly like a child.

   - She has no line of dialogue.
   - She dies off the page.

     ```
     not prose
     ```
3. The ending is abrupt.

7) a list of another kind
8) that goes on

| Chapter | Words | Tension | Note |
|:--------|------:|:-------:|------|
| 1 | 2,034 | low | opens *slowly*
| 2 | 1,611 | rising |
| 3 | 2,210 | high | the machine \\| the model | too many |
The line after a table.

> "It sounds plausible enough to-night," said the Medical Man;
> > "but wait until to-morrow."
lazily continued
- not in the quotation

---

Setext heading
over two lines
==============

Another
-------

```python
def pace(words):

    return words / 250
```

~~~
- not a list
| not | a table |
~~~

    indented code

    after a blank line

Text 1986. A great year
1986. A list cannot interrupt with this
1. but with this it can

***Both* and** _under_ ~~struck~~ snake_case_word 2*3*4 ** not bold ** &mdash; &lt;b&gt;

See [the review](https://example.org/a_(b) "Title") and ![cover](http://example.org/c.png).

#### Verdict ####

Hold for revision."""

NUMBERED_ALIKE = (
    "Steps\n\n1. one\n1. two\n1. three\n\nEnd\n\n1. a\n2. b\n2. c\n3. d\n\n0. x\n1. y\n"
)

LOOSE = "- a\n\n\n- b\n\n  c\n\n      code\n- d\n-\n\n  no longer in the list\n-\n  in it\n\n\n\n"

TABLES = (
    "- a | b\n--|--\n- c | d\n  --|--\n> a | b\n--|--\n\n"
    "a\nb | c\n--|--\n1 | 2\n# h | i\n--|--\nx\n"
)

CARRIAGE = "One\r\n\r\n- a\r\n- b\r\rTwo\rThree\r\n\r\n```\r\nx\r\n```\r\nend\r\n"

ANSWERS = [
    ANALYSIS,
    NUMBERED_ALIKE,
    LOOSE,
    TABLES,
    CARRIAGE,
    ANALYSIS.replace("\n\n", "\n"),
    "",
    "\n \n",
]

_PIECES = [
    *"-+*=#>|:~`_ \t\n\n\n[]()!<>&;\\\"'a1.)",
    *["- ", "1. ", "2. ", "3) ", "> ", "# ", "    ", "  ", "---", "```", "~~~", "**", "===", "| "],
    *["|-|-|", "--|--", "a | b", "\n\n", "\n", "\n- ", "\n  - ", "\n> ", "\n1. ", "word ", "\r\n"],
    *["](x)", "![", "&lt;", "&#60;", "<b>", "\n   ", "\n    ", "\n\t", "\u202e", "\0", "é", "“"],
]


def punctuation(seed: int, length: int) -> str:
    """Return `length` pieces of markdown's punctuation in no order."""
    return "".join(random.Random(seed).choices(_PIECES, k=length))


def mixed(seed: int) -> str:
    """Return lines of a plausible answer in no order, with some punctuation among them."""
    chance = random.Random(seed)
    lines = [line for answer in ANSWERS for line in answer.splitlines(keepends=True)]
    chosen = chance.choices(lines, k=chance.randrange(2, 30))
    for _ in range(chance.randrange(4)):
        chosen.insert(chance.randrange(len(chosen)), punctuation(seed, 5))
    return "".join(chosen)


def cut(text: str, seed: int) -> list[str]:
    """Return `text` in pieces of random lengths; small seeds cut it evenly."""
    chance = random.Random(seed)
    widths = {0: 1, 1: 4, 2: len(text) or 1}
    pieces = []
    while text:
        width = widths.get(seed) or chance.choice([1, 2, 3, 5, 8, 40, 200])
        pieces.append(text[:width])
        text = text[width:]
    return pieces
