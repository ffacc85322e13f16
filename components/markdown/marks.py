"""Marks that the page puts on a model's text: where, and what they say.

A mark is never made of what the model wrote. Its address is a path of this app with a query of
letters, digits and a few signs, and nothing else: that is checked when the mark is made, so that
`html.py` can write it as the one address that may be followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

#: What a mark means: found, with the address of the place; not found; a name that is not known;
#: found, where there is no page that could be led to (in a file), so that `said` names the place.
Meaning = Literal["found", "missing", "unknown", "cited"]

_ADDRESS = re.compile(r"\./[a-z]*\?[A-Za-z0-9_=&.%-]{1,300}")


@dataclass(frozen=True, slots=True)
class Highlight:
    """A mark on the characters from `start` to `end` of stretch number `stretch` of a source.

    `said` is for those who hover or listen; `address` is where a `found` leads.

    Raises: ValueError where the address is none of this app's pages.
    """

    stretch: int
    start: int
    end: int
    meaning: Meaning
    said: str
    address: str = ""

    def __post_init__(self) -> None:
        """Refuse an address that could lead elsewhere."""
        if (self.meaning == "found") != bool(_ADDRESS.fullmatch(self.address)):
            raise ValueError("a mark leads to a page of this app, or nowhere")
