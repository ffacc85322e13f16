"""Words that deny, in four languages: what an ellipsis must not take out of a sentence."""

from __future__ import annotations

#: Folded; "n't" and "n'" are seen by how a word ends and begins.
_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nothing",
        "neither",
        "nor",
        "nobody",
        "nowhere",
        "cannot",
        "hardly",
        "scarcely",
        "barely",
        "without",
        "unless",
        "refused",
        "failed",
        "denied",
        "ne",
        "pas",
        "jamais",
        "rien",
        "aucun",
        "aucune",
        "ni",
        "sans",
        "guère",
        "nul",
        "nulle",
        "personne",
        "non",
        "nicht",
        "kein",
        "keine",
        "keinen",
        "keinem",
        "keiner",
        "keines",
        "nie",
        "niemals",
        "nichts",
        "weder",
        "ohne",
        "niemand",
        "nunca",
        "jamás",
        "nada",
        "nadie",
        "ningún",
        "ninguno",
        "ninguna",
        "sin",
        "tampoco",
    ]
)


def denies(word: str) -> bool:
    """Whether `word`, folded, is a negation."""
    return word in _NEGATIONS or word.endswith("n't") or word.startswith("n'")
