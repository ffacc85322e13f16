"""Names in an answer that the manuscript never has.

Whatever could be no name is left out: an editor who is told of ten names of which nine are none
reads none of them. So a name must stand within a sentence and not after an article, in italics or
bold, in quotation marks or in a line of capitals; words of calendars, peoples, criticism and
well-known writers are none. In German, where every noun has a capital, a name must have two words
or follow a title.
"""

import re
from collections.abc import Iterator, Sequence

from components.evidence.comparable_words import fold, without_accents, words
from components.evidence.text_index import Index
from components.manuscripts.text.personal_names import (
    NO_NAMES,
    PARTICLES,
    TITLES,
    continues,
    name_runs,
    word_set,
)

#: Letters of the shortest name that is reported.
_SHORTEST = 3
#: How a word ends that says whose or of what kind, rather than who.
_ENDINGS = re.compile(
    r"(?:ians?|eans?|ists?|isms?|esque|ics?|ness|tions?|ités?|isch\w{0,2}|ish|ese|ité|ment|ung|heit"
    r"|keit|schaft|ción|dad|ology|hood|ship)$"
)
#: What may be added to a name: the genitive, a plural, who comes from there.
_ADDED = ("'s", "es", "s", "'", "n", "en", "er", "ers", "an", "ans", "ian", "ians", "like")
#: So large a share of capitals in a line makes it a title, or German.
CAPITALS = 0.65
_GERMAN_WORDS = 2

_PARTICLES = PARTICLES | {"of", "y", "e"}
_NO_CORE = TITLES | _PARTICLES

#: What follows these may be a thing as well as a name.
_ARTICLES = word_set(
    """
    the a an this these those his her its their our my your each every no some any
    le la les l' un une des ce cet cette ces son sa ses leur leurs du au aux d'
    el los las una unos unas su sus al del
    """
)

_GERMAN = word_set(
    """
    und der die das ist nicht ein eine einen einem einer den dem des mit von auf sich auch wird als
    zu im für dass wie aus bei nach
    """
)

#: Words with a capital that name nobody in a book: of calendars, peoples, criticism.
_NOBODY = frozenset[str]().union(*NO_NAMES.values()) - {"christian"} | word_set(
    """
    spring summer autumn winter janvier février mars avril mai juin juillet août septembre octobre
    novembre décembre lundi mardi mercredi jeudi vendredi samedi dimanche noël pâques januar februar
    märz juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag
    weihnachten ostern enero febrero marzo abril mayo junio julio agosto septiembre octubre
    noviembre diciembre lunes martes miércoles jueves viernes sábado domingo navidad

    scots african asian japanese jewish hebrew arabic polish swedish danish norwegian catholic
    protestant muslim islamic buddhist hindu bible biblical gothic gotham romantic romanticism
    victorian georgian edwardian elizabethan regency renaissance enlightenment modernist baroque
    classical western eastern northern southern europe america england britain victorian-era anglais
    français allemand espagnol italien européen deutsch englisch französisch inglés francés alemán
    español

    act acts scene scenes parts books chapters letter letters volume section prologue epilogue
    preface introduction interlude appendix page pages line lines paragraph theme themes plot
    structure pacing pace tension conflict character characters setting tone voice style dialogue
    narrator narration narrative perspective point view pov viewpoint arc hero heroine protagonist
    antagonist villain mentor ally allies shadow trickster herald threshold guardian journey call
    adventure refusal ordeal reward return elixir ordinary world special road trials crossing tests
    enemies approach inmost cave resurrection climax midpoint resolution denouement exposition
    rising falling action inciting incident turning catalyst symbol symbols symbolism metaphor motif
    imagery irony allegory foreshadowing flashback genre fiction novel novella story stories tale
    romance comedy tragedy satire fantasy thriller mystery horror science sci-fi ya literary
    literature analysis summary conclusion overview strengths weaknesses strength weakness
    recommendation recommendations suggestion suggestions note notes editor editors author authors
    reader readers manuscript text draft opening ending beginning middle end first second third one
    two three four five show tell three-act five-act save cat freytag's pyramid want need lie ghost
    wound stakes goal motivation chekhov's gun ex machina bildungsroman industrial revolution war ai
    pdf isbn yes no acte scène partie livre lettre thème personnage héros narrateur auteur lecteur
    akt szene teil buch kapitel brief thema figur held erzähler autor leser handlung spannung acto
    escena parte libro carta tema personaje héroe narrador lector
    """
)
#: Writers and figures that critics compare with.
_WRITERS = word_set(
    """
    shakespeare austen dickens brontë bronte eliot hardy woolf joyce tolkien orwell hemingway
    faulkner fitzgerald poe melville twain hawthorne whitman dickinson milton chaucer homer virgil
    dante ovid cervantes borges márquez kafka goethe schiller mann brecht rilke nietzsche kant hegel
    marx freud jung lacan foucault derrida barthes bakhtin propp todorov genette campbell vogler
    freytag mckee aristotle plato socrates tolstoy dostoevsky chekhov pushkin gogol nabokov flaubert
    balzac hugo zola proust camus sartre verne dumas stendhal maupassant molière racine voltaire
    rousseau montaigne wells shelley byron keats wordsworth coleridge blake wilde stoker stevenson
    conrad kipling lovecraft asimov bradbury huxley clarke dick guin atwood morrison king rowling
    martin christie doyle chandler carver darwin darwinian newton einstein napoleon caesar
    prometheus oedipus hamlet faust odysseus ulysses icarus eden adam eve christ jesus satan lucifer
    orpheus narcissus sisyphus achilles
    """
)


def unknown_names(
    text: str, taken: Sequence[tuple[int, int]], index: Index
) -> Iterator[tuple[int, int]]:
    """Yield where in `text`, a paragraph, a name stands that the manuscript never has.

    Names within one of the stretches `taken` are left out.
    """
    matches = list(words(text))
    spelled = [match[0] for match in matches]
    folded = list(map(fold, spelled))
    starts, ends = [match.start() for match in matches], [match.end() for match in matches]
    capitals = [word[0].isupper() and (len(word) == 1 or not word.isupper()) for word in spelled]
    untitled = sum(
        word[0].isupper() and form not in TITLES for word, form in zip(spelled, folded, strict=True)
    )
    if len(spelled) < _SHORTEST or untitled > CAPITALS * len(spelled):
        return
    german = is_german(spelled)
    first_words = (
        number
        for number in range(1, len(spelled))
        if capitals[number]
        and continues(text[ends[number - 1] : starts[number]], folded[number - 1])
    )
    runs = name_runs(
        text, starts, ends, folded, first_words, capitals.__getitem__, particles=_PARTICLES
    )
    for first, last in runs:
        start, end, before = starts[first], ends[last], folded[first - 1]
        if any(start < stop and begin < end for begin, stop in taken):
            continue
        if before in _ARTICLES and not german:
            continue
        name = spelled[first : last + 1]
        core = _core(name)
        has_title = len(core) < len(name) or before in TITLES
        if german and len(core) < 2 and not has_title:
            continue
        if any(map(is_ordinary_word, core)) or all(is_known_word(word, index) for word in core):
            continue
        yield start, end - (2 if folded[last].endswith("'s") else 0)


def is_known_name(name: str, index: Index) -> bool:
    """Whether the manuscript has every word of `name` that could be a name's, titles aside.

    Words such as "narrator" are no names, and count as known: nobody is missed by them.
    """
    core = _core([match[0] for match in words(name)])
    return all(is_ordinary_word(word) or is_known_word(word, index) for word in core)


def is_german(spelled: Sequence[str]) -> bool:
    """Whether words are German, in which every thing has a capital."""
    return sum(word in _GERMAN for word in spelled) >= _GERMAN_WORDS


def _core(name: Sequence[str]) -> list[str]:
    """Return the words of a name without titles and particles."""
    return [word for word in name if fold(word) not in _NO_CORE]


def is_ordinary_word(word: str) -> bool:
    """Whether a word with a capital names nobody, or whom only critics would name."""
    folded = fold(word).removesuffix("'s")
    return (
        names_nobody(folded)
        or not _WRITERS.isdisjoint((folded, folded.removesuffix("s")))
        or bool(_ENDINGS.search(folded))
        or word.isupper()
    )


def names_nobody(folded: str) -> bool:
    """Whether a word with a capital, folded, is of a calendar, a people, of criticism, a figure."""
    is_listed = not _NOBODY.isdisjoint((folded, folded.removesuffix("s")))
    return is_listed or any(character.isdigit() for character in folded)


def is_known_word(word: str, index: Index) -> bool:
    """Whether the manuscript has the word, or what it is made of; all too short words count."""
    folded = fold(word)
    if len(word) < _SHORTEST or without_accents(folded) in index.plain_vocabulary:
        return True
    stems = [folded, *(folded.removesuffix(end) for end in _ADDED if folded.endswith(end))]
    return any(stem + end in index.vocabulary for stem in stems for end in ("", "s", "'s", "es"))
