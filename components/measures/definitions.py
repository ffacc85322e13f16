"""What each figure of a glance means: one sentence for an editor, the exact rule, where it is from.

`languages` is empty where a measure holds for any language whose words are set apart by spaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from components.manuscripts import LANGUAGES
from components.measures import names, word_frequency
from components.measures.language import Language

Measure = Literal[
    "words",
    "dialogue",
    "rhythm",
    "reading_ease",
    "lix",
    "names",
    "phrases",
    "echoes",
    "adverbs",
    "filter_words",
    "favourites",
]


@dataclass(frozen=True, slots=True)
class Definition:
    """One measure: its name, what it means, how it is made, whose it is, where it holds."""

    name: str
    meaning: str
    rule: str
    source: str
    languages: tuple[str, ...] = ()
    latin: bool = False

    def holds_for(self, language: Language) -> bool:
        """Whether the measure means anything in `language`."""
        if not language.spaced or (self.latin and not language.latin):
            return False
        return not self.languages or language.code in self.languages

    @property
    def where(self) -> str:
        """Say for which languages the measure holds."""
        if self.languages:
            said = [LANGUAGES[code] for code in self.languages]
            return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else f"{said[0]} only"
        return "any language in Latin script" if self.latin else "any language with spaces"


DEFINITIONS: dict[Measure, Definition] = {
    "words": Definition(
        "Words",
        "How long each chapter is.",
        "Runs of characters between white space, in the body of the chapter: headings, front "
        "matter and back matter are left out. Sentences end at . ! ? or … where what follows does "
        "not begin in lower case; full stops of abbreviations and initials end none, the end of a "
        "paragraph always ends one.",
        "The count of word processors; rules of First Reader for sentences.",
    ),
    "dialogue": Definition(
        "Dialogue",
        "How much of a chapter is said aloud.",
        "The share of its words that stand inside the quotation marks that this book opens most "
        "often (“ ”, ‘ ’, « », „ “ or straight ones), or in paragraphs that begin with a dash "
        "where at least 3 % of the paragraphs do. A mark that does not close ends with its "
        "paragraph. Letters and titles in quotation marks count as well; after a dash “said he” "
        "does, too. In a book told inside quotation marks, where most of the text stands in "
        "paragraphs that open and do not close, those are narrative and the inner marks count.",
        "Rules of First Reader.",
    ),
    "rhythm": Definition(
        "Sentence length",
        "How long the sentences are, and how much they differ: the book’s breath.",
        "Words in a sentence. The line is the median, the band holds the middle half of the "
        "sentences (from the first quartile to the third). Along the book each point stands for "
        "an equal number of sentences in a row.",
        "Plain statistics.",
    ),
    "reading_ease": Definition(
        "Reading ease",
        "How easy the sentences and words are: 90 is very easy, 60 plain, 30 hard.",
        "Flesch Reading Ease: 206.835 − 1.015 × words per sentence − 84.6 × syllables per word. "
        "Flesch-Kincaid grade: 0.39 × words per sentence + 11.8 × syllables per word − 15.59. "
        "Syllables are counted by rule, right for 98 of 100 words of novels. Chapters under a "
        "hundred words have no figure. It says nothing of sense or style.",
        "Flesch 1948; Kincaid and others 1975.",
        ("en",),
    ),
    "lix": Definition(
        "Readability (LIX)",
        "How hard the sentences and words are: 30 is easy, 40 a usual novel, 55 hard.",
        "LIX: words per sentence + words of seven letters or more in a hundred. Chapters under a "
        "hundred words have no figure. Compare it within one language only.",
        "Björnsson 1968.",
        latin=True,
    ),
    "names": Definition(
        "Names",
        "Who, and what place, is mentioned where.",
        "Words written with a capital inside a sentence, twice at least and in seven of ten of "
        "their uses, with the words of the same name beside them; listed from three mentions on. "
        "Titles are joined to the name (“Mr. Darcy” to “Darcy”) where one title goes with it more "
        "often than all others together; a first name and a surname where each goes with the "
        "other alone. Persons and places cannot be told apart for sure: hide or join them by "
        "hand. “She” and “the doctor” are not counted.",
        "Rules of First Reader.",
        names.LANGUAGES,
    ),
    "phrases": Definition(
        "Repeated phrases",
        "Turns of three to ten words that come again.",
        "The same words in the same order inside a sentence: three words four times, four words "
        "three times, five or more twice (once more for each 150,000 words of the book), and ten "
        "times as often as by chance. Two words at least are neither names nor among the "
        "commonest of the language. A phrase that mostly stands inside a longer one is not shown. "
        "The order is by evidence: times × log₂(times ÷ expected), expected from how often each "
        "word comes in the book.",
        "Repeated n-grams, the longest only.",
    ),
    "echoes": Definition(
        "Echoes",
        "An uncommon word that comes again before the ear has forgotten it.",
        "The same form of a word of four letters or more within 60 words and one chapter; "
        "uncommon is less than ten in a million words of the language (4 on the Zipf scale). "
        "Names are left out. Deliberate repetition is counted like any other.",
        "Zipf scale: Van Heuven and others 2014; frequencies: wordfreq.",
        word_frequency.LANGUAGES,
    ),
    "adverbs": Definition(
        "Adverbs in -ly",
        "Adverbs of manner, which some editors count.",
        "Words that end in -ly, but for about 130 that are no such adverbs (only, early, family, "
        "lovely, reply), and names. In a thousand words, dialogue included.",
        "Rules of First Reader.",
        ("en",),
    ),
    "filter_words": Definition(
        "Filter words",
        "Places where the narrator says that somebody saw, heard or felt.",
        "The forms saw, heard, felt, noticed, watched, seemed, appeared, realised, wondered, "
        "knew, thought, remembered and the like; see, hear, feel and the like after “I”, “we” and "
        "“could”. By form alone (“a thought” counts). In the narrative only, and per thousand "
        "words of narrative.",
        "The list that writing schools teach.",
        ("en",),
    ),
    "favourites": Definition(
        "Favourite words",
        "Words that this book uses more than books and talk in general.",
        "Log-likelihood (G2) against the reference’s frequencies, which count as those of a "
        "hundred million words: above 15.13 (one in ten thousand by chance), at least twice as "
        "often as usual, five times, in three chapters. Names and the hundred commonest words are "
        "left out. The reference is of about 2021: old books are full of old words.",
        "Dunning 1993, Rayson and Garside 2000; frequencies: wordfreq.",
        word_frequency.LANGUAGES,
    ),
}
