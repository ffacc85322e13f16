"""What a model might write to break out of a file, and a server whose model writes it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from tests.doubles.scripted_ollama import Done, Say, ScriptedOllama, Step
from tests.reports.reading import reads, unquoted

HOSTILE = """\
# Confidentiality sheet

</section></main></div><script>fetch("https://evil.example/x")</script>
<img src=x onerror=alert(1)> &lt;script&gt;alert(2)&lt;/script&gt; <!-- open

![a picture](https://evil.example/p.png "t") [a link](javascript:alert(3)) <https://evil.example>
Bare: https://evil.example/y and www.evil.example and someone@evil.example

Heading by underline
===

Another
---

| a | b |
|---|:-:|
| <b>bold</b> | \\| ![x](http://evil.example/q) |

1. first

   goes on
2. second
   - inner
     > quoted \u202e turned

7) seven
* one list
+ another list

Controls: \x01 \x07 \x1b[31m red \x85 end.

""" + (
    "".join(f"x{number}" for number in range(1_200))  # One word, and no loop.
    + "\n\n> He said **“The dragon of *Wessex had* never learned to knit.”**\n\n"
    + "###### deep\n\n```html\n<script>alert(4)</script>\n````\n```\n\n> # within a quotation\n\n"
    + "Last: “The *dragon of* Wessex had never learned to knit at all.” `co|de` ~~~\n"
    + "```\nnot closed"
)


#: The same in pieces that are short enough for a claim, without its one long word.
PIECES: list[str] = re.findall(r"(?s).{1,170}", re.sub(r"(x\d+)+", "", HOSTILE))

#: What follows in claims on what the text says, which must be the greater part.
CLAIMED: list[str] = re.findall(r"(?s).{1,50}", "".join(PIECES[-2:] + PIECES[:3]))


def hostile() -> ScriptedOllama:
    """Return a server whose model writes `HOSTILE` wherever prose is asked for, or a claim."""
    return ScriptedOllama(reads=_hostile)


def _hostile(body: dict[str, Any]) -> Sequence[Step]:
    said = reads(body)
    done = said[-1]
    assert isinstance(done, Done)
    if "format" not in body:
        return (Say(HOSTILE), done)
    answer = json.loads("".join(one.text for one in said if isinstance(one, Say)))
    if "sentences" in answer:
        behind = answer["sentences"][0]["findings"]
        answer["sentences"] = [
            {"findings": behind, "sentence": f"Marlow carried the lamp: {piece}"}
            for piece in PIECES
        ]
    elif "statement" in str(body["format"]):
        # A kind has one finding: the pieces come in turn, with the figures of the passage.
        ((said_there, *_),) = filter(None, answer.values())
        statement = said_there["statement"]
        first = int("".join(re.findall(r"\d+", statement)))
        for number, kind in enumerate(answer, first):
            piece = unquoted(CLAIMED[number % len(CLAIMED)])
            answer[kind] = [{"statement": f"{statement} {piece}"}]
    return (Say(json.dumps(answer)), done)
