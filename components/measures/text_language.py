"""What a manuscript is written in, as far as the measures need to know."""

import re
from dataclasses import dataclass

from components.languages import Unit, languages
from components.manuscripts import Manuscript, detect_language, language_name

#: Characters of the middle of the text: its front may hold a licence in another script.
_SAMPLE = 40_000
_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


@dataclass(frozen=True, slots=True)
class TextLanguage:
    """What a text is written in.

    `code` is the primary tag of BCP 47 ("en"), empty where it cannot be told. `spaced` is whether
    words are set apart by spaces, without which little can be counted; `latin` is whether the
    script is Latin.
    """

    code: str
    spaced: bool = True
    latin: bool = True

    @property
    def unit(self) -> Unit:
        """Return what the trade counts a text of this language in."""
        known = languages().get(self.code)
        return known.unit if known else "words"

    @property
    def name(self) -> str:
        """Return the name for an editor: "English"; the tag where there is no table of it."""
        return language_name(self.code)


def language_of(manuscript: Manuscript) -> TextLanguage:
    """Return the language of the manuscript, else the one that its words show."""
    start = max(0, (len(manuscript.text) - _SAMPLE) // 2)
    text = manuscript.text[start : start + _SAMPLE]
    letters = max(sum(map(len, _WORD.findall(text))), 1)
    stated = manuscript.language.replace("_", "-").split("-")[0].strip().lower()
    return TextLanguage(
        stated or detect_language(manuscript.text, least=1),
        spaced=len(_UNSPACED.findall(text)) < letters / 2,
        latin=len(_LATIN.findall(text)) > letters / 2,
    )
