"""Words with a capital that are no name of somebody or somewhere in a book, folded."""

from __future__ import annotations

_CALENDAR = (
    "january february march april may june july august september october november december monday"
    " tuesday wednesday thursday friday saturday sunday spring summer autumn winter"
    " christmas easter"
    " janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi"
    " mardi mercredi jeudi vendredi samedi dimanche noël pâques"
    " januar februar märz april juni juli oktober dezember montag dienstag mittwoch donnerstag"
    " freitag samstag sonntag weihnachten ostern"
    " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre lunes"
    " martes miércoles jueves viernes sábado domingo navidad"
)

_PEOPLES = (
    "english french german spanish italian russian greek latin dutch irish scottish scots welsh"
    " british american european african asian chinese japanese indian jewish hebrew arabic turkish"
    " polish swedish danish norwegian christian catholic protestant muslim islamic buddhist hindu"
    " bible biblical god lord gothic gotham romantic romanticism victorian georgian edwardian"
    " elizabethan regency renaissance enlightenment modernist baroque classical western eastern"
    " northern southern europe america england britain victorian-era"
    " anglais français allemand espagnol italien européen deutsch englisch französisch"
    " inglés francés alemán español"
)

_CRITICISM = (
    "act acts scene scenes part parts book books chapter chapters letter letters volume section"
    " prologue epilogue preface introduction interlude appendix page pages line lines paragraph"
    " theme themes plot structure pacing pace tension conflict character characters setting tone"
    " voice style dialogue narrator narration narrative perspective point view pov viewpoint arc"
    " hero heroine protagonist antagonist villain mentor ally allies shadow trickster herald"
    " threshold guardian journey call adventure refusal ordeal reward return elixir ordinary world"
    " special road trials crossing tests enemies approach inmost cave resurrection climax midpoint"
    " resolution denouement exposition rising falling action inciting incident turning catalyst"
    " symbol symbols symbolism metaphor motif imagery irony allegory foreshadowing flashback"
    " genre fiction novel novella story stories tale romance comedy tragedy satire fantasy thriller"
    " mystery horror science sci-fi ya literary literature analysis summary conclusion overview"
    " strengths weaknesses strength weakness recommendation recommendations suggestion suggestions"
    " note notes editor editors author authors reader readers manuscript text draft opening ending"
    " beginning middle end first second third one two three four five show tell three-act"
    " five-act save cat freytag's pyramid want need lie ghost wound stakes goal motivation"
    " chekhov's gun deus ex machina bildungsroman industrial revolution war ai pdf isbn"
    " yes no mr mrs ms dr sir madam lady miss i i'm i'd i've i'll"
    " acte scène partie livre chapitre lettre thème personnage héros narrateur auteur lecteur"
    " akt szene teil buch kapitel brief thema figur held erzähler autor leser handlung spannung"
    " acto escena parte libro capítulo carta tema personaje héroe narrador autor lector"
)

#: Writers and works that critics compare with.
_WRITERS = (
    "shakespeare austen dickens brontë bronte eliot hardy woolf joyce tolkien orwell hemingway"
    " faulkner fitzgerald poe melville twain hawthorne whitman dickinson milton chaucer homer"
    " virgil dante ovid cervantes borges márquez kafka goethe schiller mann brecht rilke"
    " nietzsche kant"
    " hegel marx freud jung lacan foucault derrida barthes bakhtin propp todorov genette campbell"
    " vogler freytag mckee aristotle plato socrates tolstoy dostoevsky chekhov pushkin gogol"
    " nabokov flaubert"
    " balzac hugo zola proust camus sartre verne dumas stendhal maupassant molière racine"
    " voltaire rousseau montaigne wells shelley byron keats wordsworth coleridge blake wilde stoker"
    " stevenson conrad kipling lovecraft asimov bradbury huxley clarke dick guin atwood morrison"
    " king rowling martin christie doyle chandler carver darwin darwinian newton einstein"
    " napoleon caesar prometheus oedipus hamlet faust odysseus ulysses icarus eden adam eve christ"
    " jesus satan lucifer orpheus narcissus sisyphus achilles"
)

ORDINARY = frozenset(f"{_CALENDAR} {_PEOPLES} {_CRITICISM} {_WRITERS}".split())

#: Before these a name has a bearer, and they are no part of it.
TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "sir",
        "lady",
        "lord",
        "madam",
        "madame",
        "mme",
        "mlle",
        "m",
        "monsieur",
        "mademoiselle",
        "captain",
        "colonel",
        "major",
        "general",
        "lieutenant",
        "sergeant",
        "professor",
        "father",
        "brother",
        "sister",
        "aunt",
        "uncle",
        "king",
        "queen",
        "prince",
        "princess",
        "duke",
        "duchess",
        "count",
        "countess",
        "baron",
        "baroness",
        "reverend",
        "judge",
        "inspector",
        "herr",
        "frau",
        "fräulein",
        "doktor",
        "graf",
        "gräfin",
        "baron",
        "freiherr",
        "onkel",
        "tante",
        "vater",
        "señor",
        "señora",
        "señorita",
        "don",
        "doña",
        "capitaine",
        "docteur",
        "comte",
        "comtesse",
    ]
)

#: Within a name.
PARTICLES = frozenset(
    [
        "de",
        "du",
        "des",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "zu",
        "di",
        "da",
        "del",
        "della",
        "y",
        "e",
        "of",
    ]
)

#: What follows these may be a thing as well as a name.
ARTICLES = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "his",
        "her",
        "its",
        "their",
        "our",
        "my",
        "your",
        "each",
        "every",
        "no",
        "some",
        "any",
        "le",
        "la",
        "les",
        "l'",
        "un",
        "une",
        "des",
        "ce",
        "cet",
        "cette",
        "ces",
        "son",
        "sa",
        "ses",
        "leur",
        "leurs",
        "du",
        "au",
        "aux",
        "d'",
        "el",
        "los",
        "las",
        "una",
        "unos",
        "unas",
        "su",
        "sus",
        "al",
        "del",
    ]
)

#: Small words that tell German.
GERMAN = frozenset(
    [
        "und",
        "der",
        "die",
        "das",
        "ist",
        "nicht",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "den",
        "dem",
        "des",
        "mit",
        "von",
        "auf",
        "sich",
        "auch",
        "wird",
        "als",
        "zu",
        "im",
        "für",
        "dass",
        "wie",
        "aus",
        "bei",
        "nach",
    ]
)
