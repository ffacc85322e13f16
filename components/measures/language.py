"""Which language a text is in, where its file does not say: by its commonest words.

A dozen languages are told apart by how much of the text their commonest short words make up (in
English prose "the", "of", "and" and the like are every third word). A text that is clearly none of
them has no name here, and what holds for one language only is then not shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from components.manuscripts import LANGUAGES, Manuscript

_COMMON = {
    "en": "the of and to a in that he it was i his is with as had you her for she not but at be on",
    "fr": "de la le et les des en un une du que qui dans il est pas ne au pour ce elle je se sur à",
    "de": "der die und das in den von zu ist nicht mit dem sich er sie es ein eine auf war ich so",
    "es": "de la que el en y los se del las un por con una no su para es lo como más al pero le",
    "it": "di che e la il un a per in una non è sono con si le da dei della del al lo gli ma come",
    "pt": "de que e o a do da em um para com não uma os no se na por mais as dos como mas ao ele",
    "nl": "de het van een en in dat is te op zijn met voor niet hij die er was aan ik ze maar om",
    "sv": "och i att det som en på är av för den med han inte var till jag hon ett om men sig så",
    "da": "og i at det en den til er som på de med han af for ikke der var jeg hun et men sig så",
    "pl": "i w na się z nie do że to jak za od po o jest ale przez był co tak dla już go czy jego",
    "fi": "ja on ei hän oli se että mutta kun niin hänen ne joka myös kuin sen hänet minä sitten",
}

#: Least share of the text that the commonest words of its language make up (English novels: 0.40).
_SHARE = 0.15
#: How much more than those of any other language.
_AHEAD = 1.15

_SAMPLE = 40_000
_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


@dataclass(frozen=True, slots=True)
class Language:
    """What a text is written in.

    `code` is the primary tag of BCP 47 ("en"), empty where it cannot be told; `stated` is whether
    the file says so itself. `spaced` is whether words are set apart by spaces, without which
    nothing here can be counted; `latin` is whether the script is Latin.
    """

    code: str
    stated: bool = False
    spaced: bool = True
    latin: bool = True

    @property
    def name(self) -> str:
        """Return the name for an editor: "English"; the tag where it is none of `LANGUAGES`."""
        return LANGUAGES.get(self.code, self.code)


def language_of(manuscript: Manuscript) -> Language:
    """Return the language that the file states, else the one whose commonest words it has."""
    text = _sample(manuscript.text)
    letters = max(sum(map(len, _WORD.findall(text))), 1)
    spaced = len(_UNSPACED.findall(text)) < letters / 2
    latin = len(_LATIN.findall(text)) > letters / 2
    if stated := manuscript.language.replace("_", "-").split("-")[0].strip().lower():
        return Language(stated, stated=True, spaced=spaced, latin=latin)
    words = _WORD.findall(text.lower())
    shares = sorted(
        ((_share(words, common), code) for code, common in _COMMON.items()), reverse=True
    )
    (first, code), (second, _) = shares[:2]
    found = code if latin and first >= _SHARE and first >= second * _AHEAD else ""
    return Language(found, spaced=spaced, latin=latin)


def _share(words: list[str], common: str) -> float:
    wanted = set(common.split())
    return sum(word in wanted for word in words) / max(len(words), 1)


def _sample(text: str) -> str:
    """Return the middle of the text: its front may hold a licence in another language."""
    start = max(0, (len(text) - _SAMPLE) // 2)
    return text[start : start + _SAMPLE]
