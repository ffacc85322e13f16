"""The words that head sections of a book, by language: Chapter, Kapitel, Prologue, Nachwort.

All are folded by `numerals.fold`: lower case, no accents, no hyphens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.manuscripts.chapters.numerals import fold

if TYPE_CHECKING:
    from components.manuscripts.manuscript import ChapterKind

_KEYWORDS = {
    "chapter": "chapter chap ch chapitre kapitel kap capítulo cap capitolo hoofdstuk глава розділ"
    " rozdział kapitola kapittel luku fejezet capitolul poglavlje κεφάλαιο bölüm stave canto",
    "letter": "letter lettre brief carta lettera письмо list epistle",
    "part": "part book volume vol partie livre tome teil buch band parte libro tomo volumen deel"
    " boek часть книга том część księga tom del bok osa díl livro osio rész кнiга",
    "act": "act acte akt aufzug acto atto bedrijf действие",
    "scene": "scene scène szene auftritt escena scena tafereel сцена явление",
}

#: Words that stand with a number, and the family of headings that they make.
KEYWORDS = {fold(word): family for family, words in _KEYWORDS.items() for word in words.split()}

#: Words before or after a number that head no section, however they count up.
NO_KEYWORDS = frozenset(
    fold(
        "page note footnote figure fig table plate illustration verse line number no nr item step"
        " rule question answer exhibit article clause lot size room day hour seite abbildung"
        " tafel anmerkung planche nota pagina image picture map psalm hymn sonnet stanza"
    ).split()
)

MONTHS = frozenset(
    fold(
        "january february march april may june july august september october november december"
        " jan feb mar apr jun jul aug sep sept oct nov dec"
        " janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
        " januar februar märz juni juli oktober dezember jänner"
        " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
        " gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre"
        " januari februari maart mei augustus января февраля марта апреля мая июня июля августа"
        " сентября октября ноября декабря janeiro fevereiro março maio junho julho setembro"
        " outubro novembro dezembro"
    ).split()
)

DAYS = frozenset(
    fold(
        "monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi"
        " vendredi samedi dimanche montag dienstag mittwoch donnerstag freitag samstag sonnabend"
        " sonntag lunes martes miércoles jueves viernes sábado domingo"
    ).split()
)

_NAMED: dict[ChapterKind, str] = {
    "front": "dedication, contents, table of contents, list of illustrations, illustrations,"
    " epigraph, copyright, imprint, frontispiece, titlepage, title page, half title, halftitle,"
    " cover, half title page, list of chapters, also by, books by the same author, by the same"
    " author, errata, widmung, inhalt, inhaltsverzeichnis, impressum, table des matieres, table,"
    " sommaire, dedicace, epigraphe, indice, sumario, dedicatoria, dedica, inhoud, содержание,"
    " оглавление, spis tresci, contenido",
    "introduction": "preface, foreword, introduction, author's note, introductory, introductory"
    " note, prefatory note, author's preface, author's introduction, editor's preface, editor's"
    " introduction, translator's preface, translator's introduction, a note to the reader, note to"
    " the reader, to the reader, advertisement, préface, avant-propos, vorwort, einleitung,"
    " einführung, prefacio, introducción, prefazione, introduzione, voorwoord, inleiding,"
    " предисловие, введение, przedmowa, wstęp, förord, forord, prefácio, introdução,"
    " avertissement, vorrede, vorbemerkung, proemio, al lector",
    "prologue": "prologue, prelude, prolog, prologo, auftakt, vorspiel, proloog, пролог, prélude,"
    " overture, induction, proem",
    "interlude": "interlude, intermezzo, entr'acte, entr acte, zwischenspiel, intermède,"
    " interludio, интерлюдия, intermission",
    "epilogue": "epilogue, épilogue, coda, epilog, conclusion, epílogo, epiloog, эпилог, finale,"
    " nachspiel, schluss, заключение, conclusione, conclusión",
    "back": "afterword, postscript, appendix, acknowledgements, acknowledgments, acknowledgement,"
    " about the author, about the authors, a note on the text, note on the text, notes, endnotes,"
    " footnotes, glossary, bibliography, index, colophon, uncopyright, translator's note, editor's"
    " note, translator's notes, transcriber's note, transcriber's notes, transcriber notes,"
    " author's afterword, postface, remerciements, nachwort, danksagung, anhang, anmerkungen,"
    " fußnoten, über den autor, à propos de l'auteur, l'auteur, epilogue by the editor, notas,"
    " agradecimientos, ringraziamenti, postfazione, nawoord, dankwoord, послесловие, примечания,"
    " posłowie, efterord, discussion questions, reading group guide, credits, permissions,"
    " copyright page",
    "chapter": "last chapter, chapter the last, final chapter, dernier chapitre, chapitre dernier,"
    " letztes kapitel, último capítulo, ultimo capitolo",
}

#: Headings that say by themselves what they head.
NAMED = {fold(name): kind for kind, names in _NAMED.items() for name in names.split(",")}

_EITHER_END = (
    "acknowledgements, acknowledgments, acknowledgement, about the author, about the authors, a"
    " note on the text, note on the text, translator's note, editor's note, transcriber's note,"
    " transcriber's notes, remerciements, danksagung, agradecimientos, ringraziamenti, dankwoord"
)
#: What closes a book and may open one as well.
EITHER_END = frozenset(map(fold, _EITHER_END.split(",")))

#: Named headings that may be followed by more on the same line: "Preface to the Second Edition".
OPENING_NAMES = frozenset(
    fold(
        "preface foreword introduction afterword prologue epilogue appendix notes vorwort"
        " nachwort préface postface prefacio introducción prefazione introduzione dedication"
    ).split()
)

#: Kinds of named headings that open a book, and those that close it.
OPENS = frozenset({"front", "introduction", "prologue"})
CLOSES = frozenset({"epilogue", "back"})
